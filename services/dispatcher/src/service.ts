import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import type { Db } from '@sms-gateway/db/connect'
import { optOutRecipient } from '@sms-gateway/db/opt-out-recipient'
import type { Vault } from '@sms-gateway/db/vault'
import { beatWorker, removeWorker } from '@sms-gateway/db/workers'
import type { CircuitPolicy } from '@sms-gateway/domain/circuit'
import type { DispatchPolicy } from '@sms-gateway/domain/decide-next'
import type { FrequencyCaps } from '@sms-gateway/domain/frequency-cap'
import { type Lane, LANES } from '@sms-gateway/domain/lane'
import type { Provider, ProviderName } from '@sms-gateway/domain/provider'
import { PROVIDER_SLOTS } from '@sms-gateway/providers/create-providers'
import type { Backend } from '@sms-gateway/queue/backend'
import { startLaneWorker } from '@sms-gateway/queue/lane-worker'
import type { Logger } from '@sms-gateway/service-kit/logger'
import { startRepeating } from '@sms-gateway/service-kit/repeat'
import { createAdmission } from './admission.ts'
import { createAttemptWriter } from './attempt-writer.ts'
import { type Circuits, openCircuits } from './circuits.ts'
import { dispatchBatch, type DispatchBatchDeps } from './dispatch-batch.ts'
import type { DispatchDeps } from './dispatch-message.ts'
import { createFactFinder } from './fresh-facts.ts'
import type { GateRules } from './gates.ts'
import { createLaneSlots } from './lane-slots.ts'
import { openRouting, type Routing, type RoutingOptions } from './routing.ts'
import { createTakeTurn } from './take-turn.ts'
import { openTallies, type Tallies } from './tallies.ts'
import { untilStored } from './until-stored.ts'

export interface DispatcherOptions {
  db: Db
  vault: Vault
  backend: Backend
  providers: ReadonlyMap<ProviderName, Provider>
  routing: RoutingOptions
  policy: DispatchPolicy
  circuitPolicy: CircuitPolicy
  gates: GateRules
  /** `SMS_FREQUENCY_CAPS` */
  frequencyCaps?: FrequencyCaps | undefined
  takePermits: DispatchDeps['takePermits']
  providerTimeoutMs: number
  logger: Logger
  onAttempt: DispatchDeps['onAttempt']
}

export interface Dispatcher {
  workerId: string
  /** Takes no more jobs, and finishes the running ones within the limit. */
  close(limitMs: number): Promise<void>
}

const HEARTBEAT_MS = 1_000
/** Jobs side by side, a lane: each carries up to a hundred messages, and admission bounds those. */
const LANE_CONCURRENCY: Record<Lane, number> = { urgent: 50, normal: 50, bulk: 20 }
/** Messages of a lane that are claimed at once. */
const LANE_ADMISSION = 500

/** A dispatcher: one worker a lane, one heartbeat, and its share of what all dispatchers keep together. */
export async function startDispatcher(options: DispatcherOptions): Promise<Dispatcher> {
  const { db, backend, circuitPolicy: policy, providers, logger } = options
  const worker = { id: randomUUID(), name: `${hostname()} ${process.pid}` }
  const giveUp = new AbortController()
  const now = () => new Date()
  // Services start in any order, and PostgreSQL may go away between two of their first questions.
  await untilStored(() => beatWorker(db, worker), giveUp.signal)
  const heartbeat = startRepeating({
    name: 'heartbeat',
    everyMs: HEARTBEAT_MS,
    run: () => beatWorker(db, worker),
    logger,
  })
  const names = [...providers.keys()]
  const circuits = await untilStored(
    () => openCircuits({ db, policy, names, now, logger }),
    giveUp.signal,
  )
  const tallies = openTallies(db, logger, now)
  const routing = openRouting(db, options.routing, logger)
  const writer = createAttemptWriter(db, worker.id, giveUp.signal)
  const deps: Omit<DispatchBatchDeps, 'admission'> = {
    ...toDispatchDeps(options, { circuits, tallies, routing, now, signal: giveUp.signal }),
    workerId: worker.id,
    writer,
    signal: giveUp.signal,
  }
  const workers = LANES.map((lane) => {
    const laneDeps = { ...deps, admission: createAdmission(LANE_ADMISSION) }
    return startLaneWorker(backend, {
      lane,
      concurrency: LANE_CONCURRENCY[lane],
      process: (ids) => dispatchBatch(laneDeps, ids),
      onError: (err, what) => logger.error({ err, lane }, what),
    })
  })
  return {
    workerId: worker.id,
    async close(limitMs) {
      await Promise.all(workers.map((each) => each.close(limitMs)))
      giveUp.abort()
      await writer.close()
      await Promise.all([circuits.close(), tallies.close(), routing.close(), heartbeat.stop()])
      await removeWorker(db, worker.id)
    },
  }
}

function toDispatchDeps(
  options: DispatcherOptions,
  {
    circuits,
    tallies,
    routing,
    now,
    signal,
  }: {
    circuits: Circuits
    tallies: Tallies
    routing: Routing
    now: () => Date
    signal: AbortSignal
  },
): Omit<DispatchBatchDeps, 'admission' | 'workerId' | 'writer' | 'signal'> {
  const { db, vault, providers, onAttempt } = options
  return {
    ...options,
    circuits,
    routing,
    now,
    random: Math.random,
    restingUntil: new Map(),
    slots: new Map(
      [...providers.keys()].map((name) => [name, createLaneSlots(PROVIDER_SLOTS[name])]),
    ),
    optOut: (id, facts) =>
      untilStored(() => optOutRecipient(db, vault, id, { ...facts, now: now() }), signal),
    takeTurn: createTakeTurn(
      { db, vault },
      options.frequencyCaps,
      options.gates.suppression.marketingTypes,
    ),
    findFreshFacts: createFactFinder(db, now),
    onAttempt: (facts) => {
      tallies.count(facts)
      onAttempt(facts)
    },
  }
}
