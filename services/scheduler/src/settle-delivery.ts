import { setTimeout as sleep } from 'node:timers/promises'
import { changeCallbackHealth, forgiveCallbacks } from '@sms-gateway/db/callback-health'
import type { Db } from '@sms-gateway/db/connect'
import { settleCallbackEvents } from '@sms-gateway/db/settle-callback-events'
import { changeHealth } from '@sms-gateway/domain/callback-health'
import { type Batcher, createBatcher } from '@sms-gateway/service-kit/batcher'
import type { Logger } from '@sms-gateway/service-kit/logger'
import type { Delivery } from './deliver-callback.ts'

const BATCH_SIZE = 100
const REPEAT_MS = 500

export type Settler = Batcher<Delivery, undefined>

/** Deliveries that end together are written together. */
export function createSettler(db: Db): Settler {
  return createBatcher<Delivery, undefined>({
    maxSize: BATCH_SIZE,
    maxConcurrent: 1,
    async flush(deliveries) {
      await settleCallbackEvents(
        db,
        deliveries.map(({ settlement }) => settlement),
      )
      const well = deliveries.filter(({ outcome }) => outcome?.kind === 'delivered')
      const ids = new Set(well.map(({ settlement }) => settlement.due.callbackId))
      if (ids.size > 0) await forgiveCallbacks(db, [...ids])
      return deliveries.map(() => undefined)
    },
  })
}

/** Repeats the write while it may still count: after its lease the event goes to somebody else. */
export async function settleDelivery(
  { settler, logger }: { settler: Settler; logger: Logger },
  delivery: Delivery,
  limitMs: number,
): Promise<void> {
  const deadline = performance.now() + limitMs
  for (;;) {
    try {
      await settler.add(delivery)
      return
    } catch (err) {
      if (performance.now() > deadline) throw err
      logger.warn({ err, eventId: delivery.settlement.due.eventId }, 'callback not settled')
      await sleep(REPEAT_MS)
    }
  }
}

/** What a failure says of the receiver. Whether that disabled it. */
export async function noteFailure(
  { db, random }: { db: Db; random: () => number },
  { settlement, outcome }: Delivery,
): Promise<boolean> {
  if (!outcome || outcome.kind === 'delivered') return false
  const { due, now } = settlement
  return changeCallbackHealth(db, due.callbackId, now, (health) =>
    changeHealth(health, outcome, now, random()),
  )
}
