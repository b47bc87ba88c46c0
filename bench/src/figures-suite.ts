import { ensureApiKey } from '@sms-gateway/db/api-keys'
import { connectDatabase } from '@sms-gateway/db/connect'
import { rebuildStats } from '@sms-gateway/db/rebuild-stats'
import { createVault } from '@sms-gateway/db/vault'
import { addDays, dayOf } from '@sms-gateway/domain/local-days'
import type { Benchmark, Measurement } from './contender.ts'
import { generateMessages } from './figures-data.ts'
import { type FigureQuery, listQueries } from './figures-queries.ts'
import { API_KEY, gatewayEnvironment, startService, VAULT_KEYS } from './gateway.ts'
import type { Options } from './options.ts'
import { startProbe } from './probe.ts'
import type { OwnProcess, ProcessContext, RoleProcess } from './processes.ts'
import { percentile } from './statistics.ts'
import type { Database, Stores } from './stores.ts'
import { createGatewayDatabase } from './systems.ts'

const FEW = 50_000
const TIME_ZONE = 'Asia/Taipei'
const PHONES = Array.from({ length: 100 }, (_, index) => `+8869${String(10_000_000 + index)}`)
const KEYS = { main: API_KEY, small: `${API_KEY}s`, admin: `${API_KEY}a` }
const REBUILD_LIMIT_MS = 600_000
const REQUESTS_MOST = 60

interface Reading {
  stores: Stores
  database: Database
  process: OwnProcess & { url: string }
}

/** How long `/logs` and `/stats` take over many messages, beside the same over few: flat is what is wanted. */
export async function openFiguresSuite(
  context: ProcessContext,
  stores: Stores,
  _load: RoleProcess,
  { messages }: Options,
): Promise<Benchmark[]> {
  const many = await openReading(context, stores, messages, 'many')
  const few = await openReading(context, stores, FEW, 'few')
  const today = dayOf(new Date(), TIME_ZONE)
  const days = Array.from({ length: 20 }, (_, index) => addDays(today, -3 - index))
  const named = (count: number) => `${count.toLocaleString('en')} messages`
  const manyQueries = listQueries(messages, { phones: PHONES, days })
  const fewQueries = listQueries(FEW, { phones: PHONES, days })
  return manyQueries.map((query, index) => ({
    name: query.name.replaceAll(/[^a-z0-9]+/g, '-'),
    title: query.name,
    ours: { name: named(messages), run: (seconds) => read(many, query, seconds) },
    baselines: [
      { name: named(FEW), run: (seconds) => read(few, fewQueries[index] ?? query, seconds) },
    ],
    target: 'p95 100 ms',
  }))
}

async function openReading(
  context: ProcessContext,
  stores: Stores,
  count: number,
  name: string,
): Promise<Reading> {
  const database = await createGatewayDatabase(stores, name)
  const startedAt = performance.now()
  const vault = createVault(VAULT_KEYS)
  const db = connectDatabase({
    url: database.url,
    poolSize: 3,
    name: 'bench',
    statementLimitMs: REBUILD_LIMIT_MS,
  })
  try {
    for (const [clientName, key] of Object.entries(KEYS)) {
      const scopes = clientName === 'admin' ? ['read', 'admin'] : ['read']
      await ensureApiKey(db, { key, clientName, scopes })
    }
    const clients = await db.selectFrom('api_client').select(['id', 'name']).execute()
    const idOf = (wanted: string) => clients.find((client) => client.name === wanted)?.id ?? ''
    await generateMessages(database.client, count, {
      clients: { main: idOf('main'), small: idOf('small') },
      phones: PHONES.map((phone) => vault.hash(phone)),
    })
    const generatedAt = performance.now()
    await rebuildStats(db, { timeZone: TIME_ZONE })
    const seconds = [generatedAt - startedAt, performance.now() - generatedAt]
    const [generated, counted] = seconds.map((ms) => (ms / 1_000).toFixed(0))
    console.log(
      `${count.toLocaleString('en')} messages made in ${generated} s, their figures counted in ${counted} s`,
    )
  } finally {
    await db.destroy()
  }
  await database.client.query('checkpoint')
  const env = gatewayEnvironment({ databaseUrl: database.url })
  const process = await startService(context, 'admin-api', env, { name: `admin-api-${name}` })
  return { stores, database, process }
}

async function read(
  { stores, database, process }: Reading,
  { key, paths }: FigureQuery,
  seconds: number,
): Promise<Measurement> {
  const probe = await startProbe(stores, database.client, [process])
  const took: number[] = []
  const startedAt = performance.now()
  while (took.length < REQUESTS_MOST && performance.now() - startedAt < seconds * 1_000) {
    const path = paths[took.length % paths.length] ?? ''
    const askedAt = performance.now()
    const response = await fetch(`${process.url}${path}`, {
      headers: { authorization: `Bearer ${KEYS[key]}` },
    })
    const text = await response.text()
    if (response.status !== 200) throw new Error(`${path}: ${response.status} ${text}`)
    took.push(performance.now() - askedAt)
  }
  return {
    ...(await probe.finish(took.length)),
    perSecond: took.length / ((performance.now() - startedAt) / 1_000),
    messages: took.length,
    p50Ms: percentile(took, 0.5),
    p95Ms: percentile(took, 0.95),
    p99Ms: percentile(took, 0.99),
  }
}
