import { randomBytes } from 'node:crypto'
import type { Stores } from './stores.ts'

export const API_KEY = 'sk_test_0123456789abcdefghij'
export const TWILIO = {
  accountSid: `AC${'12'.repeat(16)}`,
  authToken: 'f0e1d2c3b4a5968778695a4b3c2d1e0f',
} as const
export const CHUNGHWA = {
  account: '12345',
  password: 'pass12wd',
  webhookSecret: 'a-secret-that-the-relay-signs-with',
} as const

export type Variables = Readonly<Record<string, string>>

/**
 * Of every service. The limits that a deployment has by default are off: a test is about one thing, and the clock of
 * the machine that runs it must not matter.
 */
export function baseVariables({ databaseUrl, redisUrl }: Stores): Variables {
  return {
    PATH: process.env['PATH'] ?? '',
    HOST: '127.0.0.1',
    DATABASE_URL: databaseUrl,
    DATABASE_POOL_SIZE: '6',
    ...(redisUrl !== undefined && { REDIS_URL: redisUrl }),
    SMS_ENCRYPTION_KEYS: `k1:${KEYS.encryption}`,
    SMS_LOOKUP_KEY: KEYS.lookup,
    SMS_BOOTSTRAP_API_KEY: API_KEY,
    SMS_QUIET_HOURS: 'off',
    SMS_RATE_LIMIT_PER_MINUTE: '0',
    // The providers live in the test's own process, which may stand still for a while.
    SMS_PROVIDER_TIMEOUT_MS: '60000',
    SMS_BREAKER_FAILURES: '100',
    SMS_BREAKER_RESET_SECONDS: '1',
    SMS_RETRY_BASE_MS: '50',
    SMS_RETRY_MAX_MS: '200',
    SHUTDOWN_LIMIT_MS: '60000',
  }
}

const KEYS = {
  encryption: randomBytes(32).toString('base64'),
  lookup: randomBytes(32).toString('base64'),
}

/** The providers' simulators instead of the real hosts, and receipts to the gateway at `gatewayUrl`. */
export function providerVariables(
  urls: { twilio: string; chunghwa: string },
  gatewayUrl: string,
): Variables {
  return {
    TWILIO_ACCOUNT_SID: TWILIO.accountSid,
    TWILIO_AUTH_TOKEN: TWILIO.authToken,
    TWILIO_FROM_NUMBER: '+15005550006',
    TWILIO_BASE_URL: urls.twilio,
    TWILIO_WEBHOOK_URL: `${gatewayUrl}/api/v1`,
    CHT_SMS_ACCOUNT_ID: CHUNGHWA.account,
    CHT_SMS_PASSWORD: CHUNGHWA.password,
    CHT_SMS_WEBHOOK_SECRET: CHUNGHWA.webhookSecret,
    CHT_SMS_BASE_URL: urls.chunghwa,
  }
}
