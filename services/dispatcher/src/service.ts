import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import type { Db } from '@sms-gateway/db/connect'
import { optOutRecipient } from '@sms-gateway/db/opt-outs'
import type { Vault } from '@sms-gateway/db/vault'
import { beatWorker, removeWorker } from '@sms-gateway/db/workers'
import type { DispatchPolicy } from '@sms-gateway/domain/decide-next'
import type { Lane } from '@sms-gateway/domain/lane'
import { LANES } from '@sms-gateway/domain/lane'
import type { Provider, ProviderName } from '@sms-gateway/domain/provider'
import { PROVIDER_SLOTS } from '@sms-gateway/providers/create-providers'
import type { Backend } from '@sms-gateway/queue/backend'
import { startLaneWorker } from '@sms-gateway/queue/lane-worker'
import type { Logger } from '@sms-gateway/service-kit/logger'
import { startRepeating } from '@sms-gateway/service-kit/repeat'
import { createSlots } from '@sms-gateway/service-kit/semaphore'
import { createAttemptWriter } from './attempt-writer.ts'
import type { DispatchBatchDeps } from './dispatch-batch.ts'
import { dispatchBatch } from './dispatch-batch.ts'
import type { GateRules } from './gates.ts'

export interface DispatcherDeps {
  db: Db
  vault: Vault
  backend: Backend
  providers: ReadonlyMap<ProviderName, Provider>
  /** In order of preference. */
  order: readonly ProviderName[]
  policy: DispatchPolicy
  gates: GateRules
  providerTimeoutMs: number
  logger: Logger
  onAttempt: DispatchBatchDeps['onAttempt']
}

export interface Dispatcher {
  workerId: string
  /** Takes no more jobs, and finishes the running ones within the limit. */
  close(limitMs: number): Promise<void>
}

const HEARTBEAT_MS = 1_000
/** Jobs side by side, a lane: each carries up to a hundred messages. */
const LANE_CONCURRENCY: Record<Lane, number> = { urgent: 20, normal: 20, bulk: 10 }

/** A dispatcher: one worker a lane, one heartbeat, one set of slots for each provider. */
export async function startDispatcher(deps: DispatcherDeps): Promise<Dispatcher> {
  const { db, vault, backend, providers, order, logger } = deps
  const workerId = randomUUID()
  const giveUp = new AbortController()
  const name = `${hostname()} ${process.pid}`
  await beatWorker(db, { id: workerId, name })
  const heartbeat = startRepeating({
    name: 'heartbeat',
    everyMs: HEARTBEAT_MS,
    run: () => beatWorker(db, { id: workerId, name }),
    logger,
  })
  const writer = createAttemptWriter(db, workerId, giveUp.signal)
  const candidates = order.filter((provider) => providers.has(provider))
  const batchDeps: DispatchBatchDeps = {
    ...deps,
    workerId,
    writer,
    slots: new Map([...providers.keys()].map((each) => [each, createSlots(PROVIDER_SLOTS[each])])),
    candidates: () => candidates,
    now: () => new Date(),
    random: Math.random,
    optOut: (id, facts) => optOutRecipient(db, vault, id, facts),
    signal: giveUp.signal,
  }
  const workers = LANES.map((lane) =>
    startLaneWorker(backend, {
      lane,
      concurrency: LANE_CONCURRENCY[lane],
      process: (ids) => dispatchBatch(batchDeps, ids),
      onError: (err, what) => {
        logger.error({ err, lane }, what)
      },
    }),
  )
  return {
    workerId,
    async close(limitMs) {
      await Promise.all(workers.map((worker) => worker.close(limitMs)))
      giveUp.abort()
      await writer.close()
      await heartbeat.stop()
      await removeWorker(db, workerId)
    },
  }
}
