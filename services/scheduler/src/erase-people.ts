import { advanceErasure } from '@sms-gateway/db/advance-erasure'
import { ADVISORY_LOCKS, withAdvisoryLock } from '@sms-gateway/db/advisory-lock'
import type { Db } from '@sms-gateway/db/connect'
import { listOpenErasures } from '@sms-gateway/db/erasures'

const ERASURES_AT_ONCE = 50
const BATCH_SIZE = 500

/** Goes on with every erasure that is not closed: a batch of each, so that a large one holds up no other. */
export async function erasePeople(
  { db, now }: { db: Db; now: () => Date },
  signal: AbortSignal,
): Promise<void> {
  await withAdvisoryLock(db, ADVISORY_LOCKS.erasures, async () => {
    for (const erasure of await listOpenErasures(db, ERASURES_AT_ONCE)) {
      if (signal.aborted) return
      await advanceErasure(db, erasure, { now: now(), limit: BATCH_SIZE })
    }
  })
}
