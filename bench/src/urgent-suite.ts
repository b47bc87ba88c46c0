import { setTimeout as delay } from 'node:timers/promises'
import { z } from 'zod'
import type { Benchmark, Measurement } from './contender.ts'
import { fillBulkLane } from './fill-bulk-lane.ts'
import { findFreePort } from './free-port.ts'
import { gatewayEnvironment, startService, TWILIO } from './gateway.ts'
import { startProbe } from './probe.ts'
import type { ProcessContext, RoleProcess } from './processes.ts'
import { startRole } from './processes.ts'
import { Arrivals, type SimulatorSettings } from './simulator-role.ts'
import { percentile } from './statistics.ts'
import type { Stores } from './stores.ts'
import { createGatewayDatabase, type System, toGateway } from './systems.ts'

const BACKLOG = 100_000

const PROVIDER_LATENCY_MS = 50
const SEND_EVERY_MS = 40
const ARRIVAL_LIMIT_MS = 20_000

interface Bench {
  context: ProcessContext
  stores: Stores
  simulator: RoleProcess
  system: System
}

/** How long an urgent message is on its way to the provider while a campaign waits. */
export async function openUrgentSuite(
  context: ProcessContext,
  stores: Stores,
): Promise<Benchmark[]> {
  const settings: SimulatorSettings = {
    port: await findFreePort(),
    ...TWILIO,
    latencyMs: PROVIDER_LATENCY_MS,
    deliveryDelayMs: 60_000,
  }
  const simulator = await startRole(context, 'simulator', settings)
  const database = await createGatewayDatabase(stores, 'urgent')
  const env = {
    ...gatewayEnvironment({ databaseUrl: database.url, redisUrl: stores.redis.url }),
    TWILIO_BASE_URL: `http://127.0.0.1:${settings.port}`,
  }
  const ingest = await startService(context, 'ingest-api', env)
  const others = [
    await startService(context, 'dispatcher', env),
    await startService(context, 'scheduler', env),
  ]
  const processes = [ingest, ...others]
  const system = toGateway(stores, 'gateway', { url: ingest.url, database, processes })
  const bench = { context, stores, simulator, system }
  const waiting = BACKLOG.toLocaleString('en')
  return [
    {
      name: 'urgent-behind-bulk',
      title: `urgent, from accepted to handed over, ${waiting} bulk messages waiting, provider of ${PROVIDER_LATENCY_MS} ms`,
      ours: { name: `gateway, ${waiting} waiting`, run: (seconds) => run(bench, seconds, BACKLOG) },
      baselines: [{ name: 'gateway, nothing waiting', run: (seconds) => run(bench, seconds, 0) }],
      target: 'p99 300 ms',
    },
  ]
}

async function run(bench: Bench, seconds: number, backlog: number): Promise<Measurement> {
  const { stores, simulator, system } = bench
  await system.reset()
  await simulator.ask('reset', null)
  if (backlog > 0) await fillBulkLane(stores, system, backlog)
  const probe = await startProbe(stores, system.database.client, system.processes)
  const accepted = await sendUrgent(system, seconds)
  const arrivals = await untilArrived(simulator, [...accepted.keys()])
  const waits = [...accepted].map(([text, at]) => (arrivals[text] ?? Number.NaN) - at)
  const handedOver = await system.database.client.query<{ count: string }>(
    `select count(*) from message where lane = 'bulk' and status in ('queued', 'sending')`,
  )
  if (backlog > 0 && Number(handedOver.rows[0]?.count) === 0) {
    throw new Error('the bulk messages were gone before the urgent ones: nothing was overtaken')
  }
  return {
    ...(await probe.finish(accepted.size)),
    perSecond: accepted.size / seconds,
    messages: accepted.size,
    p50Ms: percentile(waits, 0.5),
    p99Ms: percentile(waits, 0.99),
  }
}

const Accepted = z.object({ message: z.string(), created_at: z.iso.datetime({ offset: true }) })

/** One each few milliseconds, each with a text of its own: when each was accepted. */
async function sendUrgent(system: System, seconds: number): Promise<Map<string, number>> {
  const accepted = new Map<string, number>()
  const until = performance.now() + seconds * 1_000
  const sends: Promise<void>[] = []
  for (let index = 0; performance.now() < until; index++) {
    sends.push(
      sendOne(system, index).then(({ text, at }) => {
        accepted.set(text, at)
      }),
    )
    await delay(SEND_EVERY_MS)
  }
  await Promise.all(sends)
  return accepted
}

async function sendOne(
  { url, headers }: System,
  index: number,
): Promise<{ text: string; at: number }> {
  const response = await fetch(url, {
    method: 'POST',
    headers,
    body: JSON.stringify({
      phone: `09${String(index).padStart(8, '0')}`,
      message: `code ${index} ${Math.random()}`,
      message_type: 'otp',
    }),
  })
  if (response.status !== 202) throw new Error(`an urgent message was answered ${response.status}`)
  const { message: text, created_at: at } = Accepted.parse(await response.json())
  return { text, at: Date.parse(at) }
}

async function untilArrived(simulator: RoleProcess, texts: readonly string[]): Promise<Arrivals> {
  const until = performance.now() + ARRIVAL_LIMIT_MS
  for (;;) {
    const arrivals = Arrivals.parse(await simulator.ask('arrivals', texts))
    const missing = texts.filter((text) => arrivals[text] === undefined).length
    if (missing === 0) return arrivals
    if (performance.now() > until) throw new Error(`${missing} urgent messages did not arrive`)
    await delay(200)
  }
}
