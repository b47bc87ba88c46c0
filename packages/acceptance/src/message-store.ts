import type { Db } from '@sms-gateway/db/connect'
import { insertAffordable } from '@sms-gateway/db/insert-affordable'
import { insertUnrepeated, type Stored } from '@sms-gateway/db/insert-unrepeated'
import { isOutage } from '@sms-gateway/db/readiness'
import { type BudgetsInForce, limitsFor } from '@sms-gateway/db/reserve-budgets'
import type { AcceptedMessage } from '@sms-gateway/db/seal-messages'
import type { Vault } from '@sms-gateway/db/vault'
import { queueOf, UNCOUNTED } from '@sms-gateway/domain/budget'
import { LANES } from '@sms-gateway/domain/lane'
import type { NewMessage } from '@sms-gateway/domain/message'
import type { LaneQueues } from '@sms-gateway/queue/lane-queues'
import type { Batcher } from '@sms-gateway/service-kit/batcher'
import { createKeyedBatcher } from '@sms-gateway/service-kit/keyed-batcher'

const BATCH_SIZE = 100
/** While one is committed and rung for, the other is sealed: neither we nor PostgreSQL stand still. Of more each is smaller. */
const CONCURRENT_BATCHES = 2
/** A second batch would only wait for the counters of the first, with a connection in its hand. */
const CONCURRENT_COUNTED_BATCHES = 1
const MAX_WAITING = 5_000

/**
 * Requests that arrive together share one commit and one job a lane; one that comes alone waits for nobody. What is counted
 * on a client's own budgets is committed by itself.
 */
export function createMessageStore({
  db,
  vault,
  queues,
  duplicateWindowSeconds: windowSeconds,
  budgetsInForce,
}: {
  db: Db
  vault: Vault
  queues: LaneQueues
  /** `SMS_DUPLICATE_WINDOW_SECONDS`; 0 is off. */
  duplicateWindowSeconds: number
  budgetsInForce: () => Promise<BudgetsInForce>
}): Batcher<AcceptedMessage, Stored> {
  const insert = async (accepted: readonly AcceptedMessage[]): Promise<Stored[]> => {
    const inForce = await budgetsInForce()
    if (windowSeconds > 0) return insertUnrepeated(db, vault, accepted, { windowSeconds, inForce })
    const stored = await insertAffordable(db, vault, accepted, { inForce })
    return stored.map((kind) => ({ kind }))
  }
  return createKeyedBatcher<AcceptedMessage, Stored>({
    // Who has a budget may have to wait for its counters: the others do not wait with it.
    keyOf: async ({ message }) => queueOf(limitsFor(message, await budgetsInForce())),
    maxSize: BATCH_SIZE,
    maxConcurrentOf: (queue) =>
      queue === UNCOUNTED ? CONCURRENT_BATCHES : CONCURRENT_COUNTED_BATCHES,
    maxWaiting: MAX_WAITING,
    isOutage,
    async flush(accepted) {
      const stored = await insert(accepted)
      await ringFor(
        queues,
        accepted
          .filter((_, index) => stored[index]?.kind === 'stored')
          .map(({ message }) => message),
      )
      return stored
    },
  })
}

/** What the queue does not take is the sweeper's: the rows are committed. */
export async function ringFor(queues: LaneQueues, messages: readonly NewMessage[]): Promise<void> {
  const due = messages.filter(({ status }) => status === 'queued')
  await Promise.all(
    LANES.map((lane) =>
      queues.requestDispatch(
        lane,
        due.filter((message) => message.lane === lane).map(({ id }) => id),
      ),
    ),
  )
}
