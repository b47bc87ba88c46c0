import { ADVISORY_LOCKS, withAdvisoryLock } from '@sms-gateway/db/advisory-lock'
import { releaseStaleHolds } from '@sms-gateway/db/release-holds'
import { timeOutReceipts } from '@sms-gateway/db/time-out-receipts'
import type { Logger } from '@sms-gateway/service-kit/logger'
import { type RecoverDeps, recoverLost } from './recover-lost.ts'

export interface SweepDeps extends RecoverDeps {
  receiptTimeoutHours: number
  logger: Logger
}

const BATCH_SIZE = 500

/** What nobody will come back for: of dead workers, of receipts, of bulks. One at a time over all replicas. */
export async function sweep(deps: SweepDeps): Promise<void> {
  const { db, now, receiptTimeoutHours: timeoutHours, logger } = deps
  await withAdvisoryLock(db, ADVISORY_LOCKS.sweeper, async () => {
    const recovered = await recoverLost(deps)
    const timedOut = await timeOutReceipts(db, { now: now(), timeoutHours, limit: BATCH_SIZE })
    const holds = await releaseStaleHolds(db, now())
    if (recovered.requeued + recovered.inDoubt + timedOut + holds > 0) {
      logger.warn({ ...recovered, timedOut, holds }, 'swept')
    }
  })
}
