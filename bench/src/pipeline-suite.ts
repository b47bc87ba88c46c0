import type { Benchmark, Contender } from './contender.ts'
import { requireClean } from './contender.ts'
import { findFreePort } from './free-port.ts'
import { TWILIO } from './gateway.ts'
import { LoadResult } from './load-role.ts'
import { startEmbedded, startGateway, startNaive, type Surroundings } from './pipeline-systems.ts'
import { startProbe } from './probe.ts'
import type { ProcessContext, RoleProcess } from './processes.ts'
import { startRole } from './processes.ts'
import type { SimulatorSettings } from './simulator-role.ts'
import { Taken } from './simulator-role.ts'
import type { Stores } from './stores.ts'
import type { System } from './systems.ts'
import { untilCounted } from './until-counted.ts'

const CONNECTIONS = 50
const PROVIDER_LATENCY_MS = 20
const DELIVERY_DELAY_MS = 200

interface Bench extends Surroundings {
  load: RoleProcess
  simulator: RoleProcess
}

/** From the first request to the last row, everything running: what is accepted faster than it is sent waits. */
export async function openPipelineSuite(
  context: ProcessContext,
  stores: Stores,
  load: RoleProcess,
): Promise<Benchmark[]> {
  const settings: SimulatorSettings = {
    port: await findFreePort(),
    ...TWILIO,
    latencyMs: PROVIDER_LATENCY_MS,
    deliveryDelayMs: DELIVERY_DELAY_MS,
  }
  const simulator = await startRole(context, 'simulator', settings)
  const twilioUrl = `http://127.0.0.1:${settings.port}`
  const bench: Bench = { context, stores, load, simulator, twilioUrl }
  const provider = `provider of ${PROVIDER_LATENCY_MS} ms`

  const gateway = await startGateway(bench)
  const embedded = await startEmbedded(bench)
  return [
    {
      name: 'sent-redis',
      title: `accepted -> sent, ${provider}, queue on Redis: messages a second`,
      ours: toContender(bench, gateway, 'sent'),
      baselines: [toContender(bench, await startNaive(bench, 'redis'), 'sent')],
      target: '4 x a row and a job a message',
    },
    {
      name: 'delivered-redis',
      title: `accepted -> sent -> delivered by signed receipts, ${provider}: messages a second`,
      ours: toContender(bench, gateway, 'delivered'),
      baselines: [],
      target: '1.0 x Kannel with its spool (not measured here yet)',
    },
    {
      name: 'sent-embedded',
      title: `accepted -> sent, ${provider}, all in one process, queue on PostgreSQL: messages a second`,
      ours: toContender(bench, embedded, 'sent'),
      baselines: [toContender(bench, await startNaive(bench, 'postgres'), 'sent')],
      target: '2,000 messages a second',
    },
  ]
}

function toContender(
  { stores, load, simulator }: Bench,
  system: System,
  as: 'sent' | 'delivered',
): Contender {
  const { name, url, headers, database, processes } = system
  return {
    name,
    async run(seconds) {
      await system.reset()
      await simulator.ask('reset')
      await simulator.ask('receipts', as === 'delivered')
      const watched = [...processes, simulator, load]
      const probe = await startProbe(stores, database.client, watched)
      const startedAt = performance.now()
      const plan = { url, headers, connections: CONNECTIONS, seconds }
      const result = LoadResult.parse(await load.ask('run', plan))
      requireClean(name, result)
      const messages = result.accepted
      await untilCounted(name, () => system.count(as), messages)
      const elapsedSeconds = (performance.now() - startedAt) / 1000
      const cost = await probe.finish(messages)
      requireOnce(name, Taken.parse(await simulator.ask('taken')), messages)
      return {
        perSecond: messages / elapsedSeconds,
        messages,
        acceptedPerSecond: messages / result.seconds,
        ...cost,
      }
    },
  }
}

/** A figure that lost or doubled a message is not one. */
function requireOnce(name: string, { submissions, texts }: Taken, messages: number): void {
  if (submissions === messages && texts === messages) return
  throw new Error(
    `${name}: of ${messages} messages the provider was handed ${texts}, in ${submissions} submissions`,
  )
}
