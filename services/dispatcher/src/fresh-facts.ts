import type { Db } from '@sms-gateway/db/connect'
import { findFreshFacts, type FreshFacts } from '@sms-gateway/db/gate-facts'
import { isOutage } from '@sms-gateway/db/readiness'
import type { MessageId } from '@sms-gateway/domain/ids'
import { createBatcher } from '@sms-gateway/service-kit/batcher'

/** What is true of a claimed message now. */
export type FindFacts = (id: MessageId) => Promise<FreshFacts>

const BATCH_SIZE = 100
const CONCURRENT_BATCHES = 1
const MAX_WAITING = 100_000

/**
 * Those that ask together are asked for together: where a machine is slow or a provider is, all of them have waited for
 * too long, and each by itself would make it slower still.
 */
export function createFactFinder(db: Db, now: () => Date): FindFacts {
  const batcher = createBatcher<MessageId, FreshFacts | undefined>({
    maxSize: BATCH_SIZE,
    maxConcurrent: CONCURRENT_BATCHES,
    maxWaiting: MAX_WAITING,
    isOutage,
    async flush(ids) {
      const facts = await findFreshFacts(db, ids, now())
      return ids.map((id) => facts.get(id))
    },
  })
  return async (id) => {
    const facts = await batcher.add(id)
    if (!facts) throw new Error(`message ${id} is claimed and not there`)
    return facts
  }
}
