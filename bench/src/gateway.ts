import { randomBytes } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { connectDatabase } from '@sms-gateway/db/connect'
import { migrateToLatest } from '@sms-gateway/db/migrate'
import { migrateQueue } from '@sms-gateway/queue/migrate'
import { findFreePort } from './free-port.ts'
import type { OwnProcess, ProcessContext } from './processes.ts'
import { nodeProgram, startProgram } from './processes.ts'

export const TWILIO = {
  accountSid: `AC${randomBytes(16).toString('hex')}`,
  authToken: randomBytes(16).toString('hex'),
  from: '+15005550006',
}
export const API_KEY = `sk_${randomBytes(24).toString('base64url')}`

export interface GatewayStores {
  databaseUrl: string
  /** Without it the queue is in PostgreSQL. */
  redisUrl?: string
}

type ServiceName =
  'admin-api' | 'ingest-api' | 'dispatcher' | 'scheduler' | 'webhooks' | 'all-in-one'

export async function migrateGateway(databaseUrl: string): Promise<void> {
  const db = connectDatabase({ url: databaseUrl, poolSize: 2, name: 'bench' })
  try {
    await migrateToLatest(db)
  } finally {
    await db.destroy()
  }
  await migrateQueue(databaseUrl)
}

/** Keys of this run; every service must have the same. */
export const VAULT_KEYS = {
  encryptionKeys: [{ id: 'bench', key: randomBytes(32) }],
  lookupKey: randomBytes(32),
}
const VAULT = {
  SMS_ENCRYPTION_KEYS: VAULT_KEYS.encryptionKeys
    .map(({ id, key }) => `${id}:${key.toString('base64')}`)
    .join(','),
  SMS_LOOKUP_KEY: VAULT_KEYS.lookupKey.toString('base64'),
}

/** Defaults throughout, but for what would stop the load itself: limits, quiet hours and the second provider. */
export function gatewayEnvironment({
  databaseUrl,
  redisUrl,
}: GatewayStores): Record<string, string> {
  return {
    ...VAULT,
    DATABASE_URL: databaseUrl,
    ...(redisUrl !== undefined && { REDIS_URL: redisUrl }),
    SMS_BOOTSTRAP_API_KEY: API_KEY,
    SMS_RATE_LIMIT_PER_MINUTE: '0',
    SMS_QUIET_HOURS: 'off',
    SMS_FALLBACK_PROVIDERS: '[]',
    SMS_CHUNGHWA_ENABLED: 'false',
    TWILIO_ACCOUNT_SID: TWILIO.accountSid,
    TWILIO_AUTH_TOKEN: TWILIO.authToken,
    TWILIO_FROM_NUMBER: TWILIO.from,
  }
}

/** One service as the containers run it, in a process of its own. */
export async function startService(
  context: ProcessContext,
  service: ServiceName,
  env: Record<string, string>,
  given: { name?: string; port?: number } = {},
): Promise<OwnProcess & { url: string }> {
  const port = given.port ?? (await findFreePort())
  const name = given.name ?? service
  const url = `http://127.0.0.1:${port}`
  const script = fileURLToPath(import.meta.resolve(`../../services/${service}/dist/main.js`))
  const own = await startProgram(context, name, {
    ...nodeProgram(context, name, [script]),
    env: { ...env, PORT: String(port) },
    isReady: () => isReady(url),
  })
  return { ...own, url }
}

async function isReady(url: string): Promise<boolean> {
  const response = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(1_000) }).catch(
    () => undefined,
  )
  return response?.status === 200
}
