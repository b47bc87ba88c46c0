import { CALLBACK_TIMEOUT_MS, type CallbackClient } from '@sms-gateway/callbacks/callback-client'
import { readOverdueSeconds } from '@sms-gateway/db/callback-backlog'
import { claimCallbackEvents, type DueCallback } from '@sms-gateway/db/claim-callback-events'
import type { Db } from '@sms-gateway/db/connect'
import type { Vault } from '@sms-gateway/db/vault'
import type { Logger } from '@sms-gateway/service-kit/logger'
import { type Beat, startRepeating } from '@sms-gateway/service-kit/repeat'
import type { CallbackMetrics } from './callback-metrics.ts'
import { deliverCallback } from './deliver-callback.ts'
import { createSettler, noteFailure, settleDelivery, type Settler } from './settle-delivery.ts'

export interface CallbackWorkerDeps {
  db: Db
  vault: Vault
  client: CallbackClient
  logger: Logger
  metrics: CallbackMetrics
  onBeat: (beat: Beat) => void
}

export interface CallbackWorker {
  /** Takes no more; resolves when what is on its way has ended, which its time limit sees to. */
  close(): Promise<void>
}

/** Of one callback at once, over all replicas. */
const PER_CALLBACK = 10
/** In this process. Those who are slow, and many, leave room for the others. */
const AT_ONCE = 500
const CLAIM_MS = 500
/** Deliveries that end together are followed by one claim. */
const REFILL_MS = 20
/** Longer than a try and its writing take. */
const LEASE_MS = 2 * CALLBACK_TIMEOUT_MS
const SETTLE_LIMIT_MS = 5_000
const BACKLOG_MS = 15_000

/** Hands the outbox to the producers' receivers. Replicas share it by claims. */
export function startCallbackWorker(deps: CallbackWorkerDeps): CallbackWorker {
  const { db, vault, logger, metrics, onBeat } = deps
  const settler = createSettler(db)
  const flights = new Set<Promise<void>>()
  let refill: NodeJS.Timeout | undefined

  const launch = (due: DueCallback): void => {
    const flight = deliver(deps, settler, due).then(() => {
      flights.delete(flight)
      refill ??= setTimeout(() => {
        refill = undefined
        void claiming.runNow()
      }, REFILL_MS)
    })
    flights.add(flight)
  }
  const claiming = startRepeating({
    name: 'callbacks',
    everyMs: CLAIM_MS,
    logger,
    onBeat,
    async run() {
      const limit = AT_ONCE - flights.size
      if (limit <= 0) return
      const request = { now: new Date(), leaseMs: LEASE_MS, limit, perCallback: PER_CALLBACK }
      for (const due of await claimCallbackEvents(db, vault, request)) launch(due)
    },
  })
  const watching = startRepeating({
    name: 'callback backlog',
    everyMs: BACKLOG_MS,
    logger,
    onBeat,
    run: async () => {
      metrics.onBacklog(await readOverdueSeconds(db, new Date()))
    },
  })
  return {
    async close() {
      await Promise.all([claiming.stop(), watching.stop()])
      await Promise.all(flights)
      clearTimeout(refill)
      await settler.close()
    },
  }
}

/** Never rejects: what is not settled comes back after its lease. */
async function deliver(
  { metrics, logger, ...deps }: CallbackWorkerDeps,
  settler: Settler,
  due: DueCallback,
): Promise<void> {
  const clocked = { ...deps, logger, now: () => new Date(), random: Math.random }
  try {
    const delivery = await deliverCallback(clocked, due)
    await settleDelivery({ settler, logger }, delivery, SETTLE_LIMIT_MS)
    metrics.onDelivery(delivery)
    if (!(await noteFailure(clocked, delivery))) return
    logger.warn({ callbackId: due.callbackId }, 'callback disabled')
    metrics.onDisabled()
  } catch (err) {
    logger.error({ err, eventId: due.eventId }, 'callback')
  }
}
