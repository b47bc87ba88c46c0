import { randomBytes } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import { connectDatabase } from '@sms-gateway/db/connect'
import { migrateToLatest } from '@sms-gateway/db/migrate'
import { ensureBootstrapKey } from '@sms-gateway/ingest-api/bootstrap-key'
import type { ImspSimulator } from '@sms-gateway/simulators/imsp-simulator'
import { startImspSimulator } from '@sms-gateway/simulators/imsp-simulator'
import type { TwilioSimulator } from '@sms-gateway/simulators/twilio-simulator'
import { startTwilioSimulator } from '@sms-gateway/simulators/twilio-simulator'
import type { CleanUp } from './clean-up.ts'
import type { Fleet, MemberPlan } from './fleet.ts'
import { startFleet } from './fleet.ts'
import { findFreePort } from './free-port.ts'
import type { Relay } from './relay.ts'
import { startRelay } from './relay.ts'
import type { Scenario } from './scenario.ts'
import type { Settings } from './settings.ts'
import type { PostgresStore, RedisStore } from './stores.ts'
import { startPostgres, startRedis } from './stores.ts'

export interface SharedStores {
  redis: RedisStore
  postgres: PostgresStore
  folder: string
  nodeFlags: readonly string[]
}

/** A whole gateway of its own: database, queue, providers, processes. */
export interface World {
  fleet: Fleet
  redis: RedisStore
  postgres: PostgresStore
  twilio: TwilioSimulator
  chunghwa: ImspSimulator
  relay: Relay
  /** For what the harness asks: it may be away. */
  pool: pg.Pool
  /** Where requests are taken. */
  urls: string[]
  apiKey: string
}

const TIMEOUT_MS = 2_000
const PROBE_MS = 7_000

export async function startWorld(
  scenario: Scenario,
  shared: SharedStores,
  cleanUp: CleanUp,
): Promise<World> {
  const name = `chaos_${randomBytes(6).toString('hex')}`
  const folder = join(shared.folder, name)
  await mkdir(folder, { recursive: true })
  const [redis, postgres] = await Promise.all([
    scenario.ownRedis ? startRedis(folder, cleanUp) : shared.redis,
    scenario.ownPostgres ? startPostgres(join(folder, 'postgres'), cleanUp) : shared.postgres,
  ])
  const apiKey = `sk_${randomBytes(24).toString('base64url')}`
  const databaseUrl = await createDatabase(postgres.url, name, apiKey)
  const providers = await startProviders(scenario, cleanUp)
  const { twilio, chunghwa } = providers

  const ports = await Promise.all(scenario.processes.map(() => findFreePort()))
  const webhooksAt = scenario.processes.findIndex(({ roles }) => roles.includes('webhooks'))
  const relay = await startRelay(`http://127.0.0.1:${ports[webhooksAt] ?? 0}`)
  cleanUp.add(() => relay.close())
  const common = {
    databaseUrl,
    redis: { url: redis.url, prefix: name },
    ...toCommonSettings(scenario, providers, relay),
  }
  const plans = scenario.processes.map((process, index) =>
    toPlan(process, { ...common, port: ports[index] ?? 0, folder }),
  )
  const fleet = await startFleet(plans, { folder, nodeFlags: shared.nodeFlags, cleanUp })
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    max: 2,
    connectionTimeoutMillis: 30_000,
  })
  pool.on('error', () => undefined)
  cleanUp.add(() => pool.end())
  const urls = plans
    .filter(({ settings }) => settings.roles.includes('ingest'))
    .map(({ settings }) => `http://127.0.0.1:${settings.port}`)
  return { fleet, redis, postgres, twilio, chunghwa, relay, pool, urls, apiKey }
}

interface Providers {
  twilio: TwilioSimulator
  chunghwa: ImspSimulator
  twilioAccount: { accountSid: string; authToken: string }
  chunghwaAccount: { account: string; password: string }
}

async function startProviders(scenario: Scenario, cleanUp: CleanUp): Promise<Providers> {
  const twilioAccount = {
    accountSid: `AC${randomBytes(16).toString('hex')}`,
    authToken: randomBytes(16).toString('hex'),
  }
  const chunghwaAccount = { account: '12345', password: randomBytes(4).toString('hex') }
  const twilio = await startTwilioSimulator({ ...twilioAccount, script: scenario.twilio })
  cleanUp.add(() => twilio.close())
  const chunghwa = await startImspSimulator({ ...chunghwaAccount, script: scenario.chunghwa })
  cleanUp.add(() => chunghwa.close())
  return { twilio, chunghwa, twilioAccount, chunghwaAccount }
}

function toCommonSettings(
  { order, circuit, maxAttempts }: Scenario,
  { twilio, chunghwa, twilioAccount, chunghwaAccount }: Providers,
  relay: Relay,
) {
  return {
    encryptionKey: randomBytes(32).toString('base64'),
    lookupKey: randomBytes(32).toString('base64'),
    twilio: {
      ...twilioAccount,
      from: '+15005550006',
      baseUrl: twilio.url,
      webhookUrl: `${relay.url}/api/v1`,
      timeoutMs: TIMEOUT_MS,
    },
    chunghwa: {
      ...chunghwaAccount,
      baseUrl: chunghwa.url,
      webhookSecret: randomBytes(16).toString('hex'),
      timeoutMs: TIMEOUT_MS,
    },
    order: [...order],
    circuit: { ...circuit, probeMs: PROBE_MS },
    retry: { maxAttempts, baseMs: 100, maxMs: 1_000 },
  }
}

function toPlan(
  { name, roles, deaths = () => [] }: Scenario['processes'][number],
  {
    folder,
    ...common
  }: Omit<Settings, 'name' | 'roles' | 'deaths' | 'lastWords' | 'spoolDir'> & {
    folder: string
  },
): MemberPlan {
  const spoolDir = join(folder, `${name}-spool`)
  return { settings: { ...common, name, roles: [...roles], spoolDir }, deaths }
}

async function createDatabase(serverUrl: string, name: string, apiKey: string): Promise<string> {
  const admin = new pg.Client({ connectionString: serverUrl })
  await admin.connect()
  await admin.query(`create database ${name}`)
  await admin.end()
  const url = new URL(serverUrl)
  url.pathname = `/${name}`
  const db = connectDatabase({ url: url.href, poolSize: 1, name: 'chaos' })
  try {
    await migrateToLatest(db)
    await ensureBootstrapKey(db, apiKey)
  } finally {
    await db.destroy()
  }
  return url.href
}
