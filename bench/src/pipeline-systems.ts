import { findFreePort } from './free-port.ts'
import { gatewayEnvironment, startService, TWILIO } from './gateway.ts'
import type { NaiveApiSettings } from './naive-api-role.ts'
import type { NaiveWorkerSettings } from './naive-worker-role.ts'
import type { ProcessContext } from './processes.ts'
import { startRole } from './processes.ts'
import type { Stores } from './stores.ts'
import type { System } from './systems.ts'
import {
  createGatewayDatabase,
  createNaiveDatabase,
  toGateway,
  toNaive,
  toNaiveBackend,
} from './systems.ts'

/** What a system under the load is started with. */
export interface Surroundings {
  context: ProcessContext
  stores: Stores
  twilioUrl: string
}

export async function startGateway({ context, stores, twilioUrl }: Surroundings): Promise<System> {
  const database = await createGatewayDatabase(stores, 'gateway')
  const webhooksPort = await findFreePort()
  const env = {
    ...gatewayEnvironment({ databaseUrl: database.url, redisUrl: stores.redis.url }),
    TWILIO_BASE_URL: twilioUrl,
    TWILIO_WEBHOOK_URL: `http://127.0.0.1:${webhooksPort}/api/v1`,
  }
  const ingest = await startService(context, 'ingest-api', env)
  const others = [
    await startService(context, 'dispatcher', env),
    await startService(context, 'scheduler', env),
    await startService(context, 'webhooks', env, { port: webhooksPort }),
  ]
  return toGateway(stores, 'gateway: a process a service', {
    url: ingest.url,
    database,
    processes: [ingest, ...others],
  })
}

export async function startEmbedded({ context, stores, twilioUrl }: Surroundings): Promise<System> {
  const database = await createGatewayDatabase(stores, 'embedded')
  const port = await findFreePort()
  const env = {
    ...gatewayEnvironment({ databaseUrl: database.url }),
    SMS_DATA_DIR: context.folder,
    TWILIO_BASE_URL: twilioUrl,
    TWILIO_WEBHOOK_URL: `http://127.0.0.1:${port}/api/v1`,
  }
  const all = await startService(context, 'all-in-one', env, { port })
  return toGateway(stores, 'gateway: as npm start', { url: all.url, database, processes: [all] })
}

export async function startNaive(
  { context, stores, twilioUrl }: Surroundings,
  kind: 'redis' | 'postgres',
): Promise<System> {
  const database = await createNaiveDatabase(stores, `naive_${kind}`)
  const backend = toNaiveBackend(stores, database, kind)
  const apiSettings: NaiveApiSettings = {
    port: await findFreePort(),
    databaseUrl: database.url,
    backend,
  }
  const workerSettings: NaiveWorkerSettings = {
    databaseUrl: database.url,
    backend,
    twilioUrl,
    ...TWILIO,
  }
  const processes = [
    await startRole(context, 'naive-api', apiSettings, `naive-api-${kind}`),
    await startRole(context, 'naive-worker', workerSettings, `naive-worker-${kind}`),
  ]
  const url = `http://127.0.0.1:${apiSettings.port}/send`
  return toNaive(stores, 'Express, a row and a job a message, axios', { url, database, processes })
}
