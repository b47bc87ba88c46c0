import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from '@jest/globals'
import type { Environment } from '@sms-gateway/service-kit/environment'
import { EnvironmentError, readEnvironment } from '@sms-gateway/service-kit/environment'
import { callbackVariables, toCallbackConfig } from './callbacks.ts'
import { httpVariables, toHttpConfig } from './http.ts'
import { limitVariables, toLimitConfig } from './limits.ts'
import { oidcVariables, toOidcConfig } from './oidc.ts'
import { processVariables, toProcessConfig } from './process.ts'
import {
  circuitVariables,
  providerVariables,
  receiptVariables,
  toCircuitPolicy,
  toProviderConfig,
} from './providers.ts'
import { quietVariables, toQuietPolicy } from './quiet-hours.ts'
import { routingVariables, toRoutingConfig } from './routing.ts'
import { bootstrapVariables, sendingVariables, toSendingConfig } from './sending.ts'
import { spoolVariables } from './spool.ts'
import { retentionVariables, storeVariables, toStoreConfig } from './stores.ts'
import { suppressionVariables, toSuppressionPolicy } from './suppression.ts'
import { toVaultConfig, vaultVariables } from './vault.ts'

const VARIABLES = {
  ...processVariables,
  ...httpVariables,
  ...storeVariables,
  ...retentionVariables,
  ...vaultVariables,
  ...sendingVariables,
  ...bootstrapVariables,
  ...providerVariables,
  ...routingVariables,
  ...receiptVariables,
  ...circuitVariables,
  ...quietVariables,
  ...limitVariables,
  ...suppressionVariables,
  ...spoolVariables,
  ...callbackVariables,
  ...oidcVariables,
}

/** They take any text: nothing about them can be wrong. */
const FREE_TEXTS = [
  'CHT_SMS_CA',
  'CHT_SMS_WEBHOOK_SECRET',
  'HOST',
  'SMS_COMPANY_NAME',
  'SMS_OIDC_CLIENT_ID',
  'SMS_OIDC_CLIENT_SECRET',
  'SMS_OIDC_ROLES_CLAIM',
  'SMS_SPOOL_DIR',
  'TRUST_PROXY',
  'TWILIO_AUTH_TOKEN',
]
const KEY = Buffer.alloc(32, 'k').toString('base64')
const REQUIRED = {
  DATABASE_URL: 'postgres://sms@127.0.0.1/sms',
  SMS_ENCRYPTION_KEYS: `k1:${KEY}`,
  SMS_LOOKUP_KEY: KEY,
}
const TWILIO = { TWILIO_ACCOUNT_SID: `AC${'0'.repeat(32)}`, TWILIO_AUTH_TOKEN: 'token' }
const CHUNGHWA = { CHT_SMS_ACCOUNT_ID: '12345', CHT_SMS_PASSWORD: 'secret12' }

const folder = mkdtempSync(join(tmpdir(), 'sms-gateway-config-'))
afterAll(() => rmSync(folder, { recursive: true }))

function read(env: Environment = {}) {
  return readEnvironment(VARIABLES, { ...REQUIRED, ...env })
}

function problemsOf(env: Environment): readonly string[] {
  try {
    read(env)
  } catch (err) {
    if (err instanceof EnvironmentError) return err.problems
    throw err
  }
  return []
}

describe('every variable', () => {
  test('that is wrong gets one line with its form and an example, all at once, and no value leaks', () => {
    const secret = 'S3cret value:\u0001!'
    const names = Object.keys(VARIABLES)
    const problems = problemsOf(Object.fromEntries(names.map((name) => [name, secret])))

    const wrong = names.filter((name) => !FREE_TEXTS.includes(name))
    expect(problems.map((line) => line.split(' ')[0])).toEqual(wrong)
    for (const line of problems) {
      expect(line).toMatch(/^[A-Z_]+ is wrong: it takes .+, for example [A-Z_]+=.+$/u)
      expect(line).not.toContain('\n')
      expect(line).not.toContain('S3cret')
    }
  })

  test.each(Object.entries(VARIABLES))('%s takes its own example', (name, { example }) => {
    if (name === 'CHT_SMS_CA') return // only the beginning of a certificate
    expect(problemsOf({ [name]: example })).toEqual([])
  })

  test.each(Object.keys(VARIABLES))('%s is read from the file that %s_FILE names', (name) => {
    const { example } = VARIABLES[name as keyof typeof VARIABLES]
    const file = join(folder, name)
    writeFileSync(file, `${example}\n`)
    const given = readEnvironment(VARIABLES, { ...REQUIRED, [name]: example })
    const { [name]: _inline, ...rest } = { ...REQUIRED } as Record<string, string>
    expect(readEnvironment(VARIABLES, { ...rest, [`${name}_FILE`]: file })).toEqual(given)
  })

  test('that is required is missed by name', () => {
    const problems = problemsOf({ DATABASE_URL: '', SMS_ENCRYPTION_KEYS: '', SMS_LOOKUP_KEY: '' })
    expect(problems.map((line) => line.split(':')[0])).toEqual([
      'DATABASE_URL is not set',
      'SMS_ENCRYPTION_KEYS is not set',
      'SMS_LOOKUP_KEY is not set',
    ])
  })
})

test('the defaults are those of the contract', () => {
  expect(read()).toMatchObject({
    PORT: 3000,
    HOST: '127.0.0.1',
    TRUST_PROXY: undefined,
    REDIS_URL: undefined,
    LOG_LEVEL: 'info',
    SMS_ENABLED: true,
    SMS_PRIMARY_PROVIDER: 'twilio',
    SMS_FALLBACK_PROVIDERS: ['chunghwa'],
    SMS_RATE_LIMIT_PER_MINUTE: 60,
    SMS_TWILIO_RATE_PER_SECOND: 0,
    SMS_CHUNGHWA_RATE_PER_SECOND: 0,
    SMS_CUSTOMER_RATE_PER_MINUTE: 0,
    SMS_QUIET_HOURS: { startMinute: 21 * 60, endMinute: 8 * 60 },
    SMS_TIMEZONE: 'Asia/Taipei',
    SMS_QUIET_HOURS_EXEMPT_TYPES: ['otp', 'emergency'],
    SMS_MARKETING_TYPES: ['promotion', 'marketing'],
    SMS_REQUIRE_CONSENT: false,
    SMS_COMPANY_NAME: '幸福氣',
    SMS_SENDER_REGISTERED_URLS: [],
    SMS_SMART_ENCODING: false,
    SMS_OPT_OUT_URL: undefined,
    SMS_ALLOWED_COUNTRIES: ['TW'],
    SMS_ALLOWED_RECIPIENTS: undefined,
    SMS_MAX_ATTEMPTS: 3,
    SMS_RETRY_BASE_MS: 500,
    SMS_RETRY_MAX_MS: 30_000,
    SMS_PROVIDER_TIMEOUT_MS: 10_000,
    SMS_BREAKER_FAILURES: 3,
    SMS_BREAKER_RESET_SECONDS: 300,
    SMS_IN_DOUBT_POLICY: { otp: 'failover', emergency: 'failover', '*': 'hold' },
    SMS_RECEIPT_TIMEOUT_HOURS: 72,
    SMS_RETENTION_DAYS: 365,
    SMS_CALLBACK_ALLOWED_HOSTS: [],
    TWILIO_BASE_URL: 'https://api.twilio.com',
    CHT_SMS_BASE_URL: 'https://imsp.emome.net:4443',
  })
})

describe('the encryption keys', () => {
  const other = Buffer.alloc(32, 'o').toString('base64')

  test('are bytes by id: the first encrypts, all decrypt', () => {
    const { encryptionKeys, lookupKey } = toVaultConfig(
      read({ SMS_ENCRYPTION_KEYS: `2025-b:${other}, k1:${KEY}` }),
    )
    expect(encryptionKeys).toEqual([
      { id: '2025-b', key: Buffer.alloc(32, 'o') },
      { id: 'k1', key: Buffer.alloc(32, 'k') },
    ])
    expect(lookupKey).toEqual(Buffer.alloc(32, 'k'))
  })

  test.each([
    ['an id twice', `k1:${KEY},k1:${other}`],
    ['no id', KEY],
    ['an empty id', `:${KEY}`],
    ['an id with a blank', `k 1:${KEY}`],
    ['an id of more than 32 characters', `${'k'.repeat(33)}:${KEY}`],
    ['a short key', `k1:${Buffer.alloc(31).toString('base64')}`],
    ['a long key', `k1:${Buffer.alloc(33).toString('base64')}`],
    ['a key in hex', `k1:${Buffer.alloc(32).toString('hex')}`],
    ['a comma too many', `k1:${KEY},`],
    ['two colons', `k1:${KEY}:x`],
  ])('are refused with %s', (_mistake, SMS_ENCRYPTION_KEYS) => {
    expect(problemsOf({ SMS_ENCRYPTION_KEYS })).toHaveLength(1)
  })

  test.each(['', ' ', KEY.slice(1), `k1:${KEY}`])('are no lookup key: %j', (SMS_LOOKUP_KEY) => {
    expect(problemsOf({ SMS_LOOKUP_KEY })).toHaveLength(1)
  })
})

describe('a variable of its own form', () => {
  test.each([
    ['DATABASE_URL', 'postgresql://u:p@db:5432/sms?sslmode=require'],
    ['REDIS_URL', 'redis://:secret@127.0.0.1:6379/1'],
    ['REDIS_URL', 'rediss://cache.example:6380'],
    ['REDIS_URL', 'redis-cluster://a:7000,b:7001'],
    ['REDIS_URL', 'redis-cluster://user:p%40ss@a:7000,b:7001'],
    ['SMS_QUIET_HOURS', 'off'],
    ['SMS_QUIET_HOURS', '00:00-06:30'],
    ['SMS_TIMEZONE', 'Europe/Berlin'],
    ['SMS_FALLBACK_PROVIDERS', '[]'],
    ['SMS_IN_DOUBT_POLICY', '{"*":"failover"}'],
    ['SMS_ENABLED', 'FALSE'],
    ['TRUST_PROXY', '10.0.0.0/8, 127.0.0.1'],
    ['SMS_CALLBACK_ALLOWED_HOSTS', '["127.0.0.1","::1","*.intern.example","receiver"]'],
    ['LOG_LEVEL', 'debug'],
  ])('%s takes %s', (name, value) => {
    expect(problemsOf({ [name]: value })).toEqual([])
  })

  test.each([
    ['DATABASE_URL', 'mysql://db/sms'],
    ['REDIS_URL', 'http://cache'],
    ['REDIS_URL', 'redis-cluster://a'],
    ['REDIS_URL', 'redis-cluster://a:7000,'],
    ['PORT', '65536'],
    ['PORT', '80a'],
    ['SMS_QUIET_HOURS', '21:00'],
    ['SMS_QUIET_HOURS', '25:00-08:00'],
    ['SMS_QUIET_HOURS', '21-08'],
    ['SMS_TIMEZONE', 'Asia/Kaohsiung'],
    ['SMS_FALLBACK_PROVIDERS', 'chunghwa'],
    ['SMS_FALLBACK_PROVIDERS', '["mitake"]'],
    ['SMS_PRIMARY_PROVIDER', 'Twilio'],
    ['SMS_IN_DOUBT_POLICY', '{"otp":"retry"}'],
    ['SMS_IN_DOUBT_POLICY', '["hold"]'],
    ['SMS_ALLOWED_COUNTRIES', '["Taiwan"]'],
    ['SMS_MAX_ATTEMPTS', '0'],
    ['SMS_BOOTSTRAP_API_KEY', 'short'],
    ['TWILIO_ACCOUNT_SID', 'AC123'],
    ['TWILIO_FROM_NUMBER', '0912345678'],
    ['TWILIO_WEBHOOK_URL', 'api.luckygas.tw'],
    ['CHT_SMS_PASSWORD', 'nine-chars'],
    ['SMS_RATE_LIMIT_PER_MINUTE', '-1'],
    ['SMS_CALLBACK_ALLOWED_HOSTS', '["https://receiver"]'],
    ['SMS_CALLBACK_ALLOWED_HOSTS', '["*"]'],
    ['SMS_CALLBACK_ALLOWED_HOSTS', '127.0.0.1'],
    ['LOG_LEVEL', 'verbose'],
    ['SMS_RETENTION_DAYS', '30'],
    ['SMS_MARKETING_TYPES', 'promotion'],
    ['SMS_REQUIRE_CONSENT', 'yes'],
  ])('%s refuses %s', (name, value) => {
    expect(problemsOf({ [name]: value }).map((line) => line.split(' ')[0])).toEqual([name])
  })
})

describe('what the services are given', () => {
  test('the queue is in Redis where there is one, else in PostgreSQL', () => {
    expect(toStoreConfig(read())).toEqual({
      database: { url: REQUIRED.DATABASE_URL, poolSize: 10 },
      queue: { kind: 'postgres', url: REQUIRED.DATABASE_URL },
    })
    expect(toStoreConfig(read({ REDIS_URL: 'redis://cache' })).queue).toEqual({
      kind: 'redis',
      url: 'redis://cache',
    })
  })

  test('a provider without credentials, or switched off, is not there', () => {
    expect(toProviderConfig(read())).toEqual({ twilio: undefined, chunghwa: undefined })
    const both = { ...TWILIO, ...CHUNGHWA }
    expect(toProviderConfig(read({ ...both, SMS_TWILIO_ENABLED: 'false' }))).toMatchObject({
      twilio: undefined,
      chunghwa: { account: '12345', password: 'secret12' },
    })
    expect(toProviderConfig(read({ ...both, SMS_CHUNGHWA_ENABLED: 'false' }))).toMatchObject({
      twilio: { accountSid: TWILIO.TWILIO_ACCOUNT_SID, authToken: 'token', timeoutMs: 10_000 },
      chunghwa: undefined,
    })
    const { twilio } = toProviderConfig(read({ TWILIO_ACCOUNT_SID: TWILIO.TWILIO_ACCOUNT_SID }))
    expect(twilio).toBeUndefined()
  })

  test('the public address of the webhooks has no slash at its end', () => {
    const env = { ...TWILIO, TWILIO_WEBHOOK_URL: 'https://api.luckygas.tw/api/v1//' }
    expect(toProviderConfig(read(env)).twilio?.webhookUrl).toBe('https://api.luckygas.tw/api/v1')
  })

  test('OIDC is off, or wholly set, and never over a plain connection', () => {
    const whole = {
      SMS_OIDC_ISSUER: 'https://login.example.com',
      SMS_OIDC_CLIENT_ID: 'sms',
      SMS_OIDC_CLIENT_SECRET: 'S3cret',
      SMS_PUBLIC_URL: 'https://sms.example.com',
      SMS_OIDC_ADMINS: '["boss"]',
    }
    expect(toOidcConfig(read())).toBeUndefined()
    expect(toOidcConfig(read(whole))).toMatchObject({
      rolesClaim: 'roles',
      roles: { admin: ['boss'], operator: [], viewer: [] },
    })
    for (const name of ['SMS_OIDC_CLIENT_ID', 'SMS_OIDC_CLIENT_SECRET', 'SMS_PUBLIC_URL']) {
      expect(() => toOidcConfig(read({ ...whole, [name]: '' }))).toThrow(name)
    }
    expect(problemsOf({ SMS_OIDC_ISSUER: 'http://login.example.com' })).toHaveLength(1)
    expect(problemsOf({ SMS_OIDC_ISSUER: 'http://127.0.0.1:4000' })).toEqual([])
  })

  test('the order of the providers names each once', () => {
    const env = {
      SMS_PRIMARY_PROVIDER: 'chunghwa',
      SMS_FALLBACK_PROVIDERS: '["chunghwa","twilio"]',
    }
    expect(toRoutingConfig(read(env)).order).toEqual(['chunghwa', 'twilio'])
    expect(toRoutingConfig(read()).policy).toMatchObject({
      retry: { maxAttempts: 3, baseMs: 500, maxMs: 30_000 },
    })
  })

  test.each([
    ['1', 1],
    ['0', 0],
    ['true', true],
    ['false', false],
    ['loopback, 10.0.0.1', 'loopback, 10.0.0.1'],
  ])("Express's trust proxy of %s is %j", (TRUST_PROXY, trustProxy) => {
    expect(toHttpConfig(read({ TRUST_PROXY }))).toEqual({
      host: '127.0.0.1',
      port: 3000,
      trustProxy,
    })
  })

  test('the rest, as it is named inside', () => {
    const values = read({
      SMS_TWILIO_RATE_PER_SECOND: '5',
      SMS_QUIET_HOURS: 'off',
      SMS_ENABLED: 'false',
    })
    expect(toHttpConfig(values)).toEqual({ host: '127.0.0.1', port: 3000 })
    expect(toProcessConfig(values)).toEqual({ logLevel: 'info', shutdownLimitMs: 20_000 })
    expect(toLimitConfig(values)).toEqual({
      allPerMinute: 60,
      perSecond: { twilio: 5, chunghwa: 0 },
      customerPerMinute: 0,
    })
    expect(toCircuitPolicy(values)).toEqual({
      failuresToOpen: 3,
      resetMs: 300_000,
      probeMs: 15_000,
    })
    expect(toQuietPolicy(values)).toEqual({
      window: values.SMS_QUIET_HOURS,
      timeZone: 'Asia/Taipei',
      exemptTypes: ['otp', 'emergency'],
    })
    expect(toSuppressionPolicy(values)).toEqual({
      marketingTypes: ['promotion', 'marketing'],
      requireConsent: false,
    })
    expect(toCallbackConfig(values)).toEqual({ allowedHosts: [] })
    expect(toSendingConfig(values)).toMatchObject({ enabled: false, companyName: '幸福氣' })
  })
})
