import type { Benchmark, Contender } from './contender.ts'
import { requireClean } from './contender.ts'
import { findFreePort } from './free-port.ts'
import { gatewayEnvironment, startService } from './gateway.ts'
import { LoadResult } from './load-role.ts'
import type { NaiveApiSettings } from './naive-api-role.ts'
import { startProbe } from './probe.ts'
import type { ProcessContext, RoleProcess } from './processes.ts'
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

const CONNECTIONS = 50

/** What the front door takes when nobody is behind it: no dispatcher runs, the jobs stay where they are. */
export async function openAcceptSuite(
  context: ProcessContext,
  stores: Stores,
  load: RoleProcess,
): Promise<Benchmark[]> {
  const measure = (system: System) => toContender(stores, load, system)
  return [
    {
      name: 'accept-redis',
      title: `POST /send, ${CONNECTIONS} connections, queue on Redis: accepted a second`,
      ours: measure(await startIngest(context, stores, 'redis')),
      baselines: (await startNaive(context, stores, 'redis')).map(measure),
      target: '1.5 x a row and a job a message, p99 under 30 ms',
    },
    {
      name: 'accept-postgres',
      title: `POST /send, ${CONNECTIONS} connections, queue on PostgreSQL: accepted a second`,
      ours: measure(await startIngest(context, stores, 'postgres')),
      baselines: (await startNaive(context, stores, 'postgres')).map(measure),
      target: '',
    },
  ]
}

async function startIngest(
  context: ProcessContext,
  stores: Stores,
  kind: 'redis' | 'postgres',
): Promise<System> {
  const database = await createGatewayDatabase(stores, `accept_gateway_${kind}`)
  const env = gatewayEnvironment({
    databaseUrl: database.url,
    ...(kind === 'redis' && { redisUrl: stores.redis.url }),
  })
  const ingest = await startService(context, 'ingest-api', env, { name: `accept-ingest-${kind}` })
  return toGateway(stores, 'gateway: ingest-api', {
    url: ingest.url,
    database,
    processes: [ingest],
  })
}

async function startNaive(
  context: ProcessContext,
  stores: Stores,
  kind: 'redis' | 'postgres',
): Promise<System[]> {
  const database = await createNaiveDatabase(stores, `accept_naive_${kind}`)
  const settings: NaiveApiSettings = {
    port: await findFreePort(),
    databaseUrl: database.url,
    backend: toNaiveBackend(stores, database, kind),
  }
  const api = await startRole(context, 'naive-api', settings, `accept-naive-api-${kind}`)
  const at = `http://127.0.0.1:${settings.port}`
  const common = { database, processes: [api] }
  return [
    toNaive(stores, 'Express, a row and a job a message', { ...common, url: `${at}/send` }),
    toNaive(stores, 'bare Express, a job a message, no row', { ...common, url: `${at}/bare` }),
  ]
}

function toContender(stores: Stores, load: RoleProcess, system: System): Contender {
  const { name, url, headers, database, processes } = system
  return {
    name,
    async run(seconds) {
      await system.reset()
      const probe = await startProbe(stores, database.client, [...processes, load])
      const plan = { url, headers, connections: CONNECTIONS, seconds }
      const result = LoadResult.parse(await load.ask('run', plan))
      requireClean(name, result)
      const { accepted: messages, p50Ms, p99Ms } = result
      const cost = await probe.finish(messages)
      return { perSecond: messages / result.seconds, messages, p50Ms, p99Ms, ...cost }
    },
  }
}
