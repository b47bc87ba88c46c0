import { randomBytes } from 'node:crypto'
import { ADVISORY_LOCKS, withAdvisoryLock } from '@sms-gateway/db/advisory-lock'
import type { Db } from '@sms-gateway/db/connect'
import { dropMonths } from '@sms-gateway/db/drop-months'
import { listPartitions } from '@sms-gateway/db/partitions'
import { pruneBesideMessages, pruneCampaigns } from '@sms-gateway/db/prune-messages'
import { pruneSubjectKeys } from '@sms-gateway/db/prune-subject-keys'
import { firstMonthKept } from '@sms-gateway/domain/months'
import type { Logger } from '@sms-gateway/service-kit/logger'

export interface ForgetDeps {
  db: Db
  retentionDays: number
  now: () => Date
  logger: Logger
  onMonthsWaiting: (months: number) => void
}

/**
 * Drops the months of messages that are older than is kept, then what hangs on them, then the keys of people about whom
 * nothing is left. Statistics, refusals, the list of erasures and the audit stay.
 */
export async function forgetOld(deps: ForgetDeps, signal: AbortSignal): Promise<void> {
  const { db, now } = deps
  await withAdvisoryLock(db, ADVISORY_LOCKS.retention, async () => {
    const kept = await dropOldMonths(deps, signal)
    await pruneBesideMessages(db, kept, signal)
    await pruneCampaigns(db, kept, signal)
    await pruneSubjectKeys(db, { now: now(), before: kept, from: randomBytes(32), signal })
  })
}

/** When the oldest month that is still there begins: what belongs to one that waits stays with it. */
async function dropOldMonths(
  { db, retentionDays, now, logger, onMonthsWaiting }: ForgetDeps,
  signal: AbortSignal,
): Promise<Date> {
  const firstKept = firstMonthKept(now(), retentionDays)
  const { dropped, waiting, busy } = await dropMonths(db, firstKept, signal)
  if (dropped.length > 0) logger.info({ months: dropped }, 'months dropped')
  if (busy.length > 0) logger.warn({ months: busy }, 'months in use: they are dropped later')
  if (waiting.length > 0) {
    logger.warn({ months: waiting }, 'old months are kept: messages in them are not at their end')
  }
  onMonthsWaiting(waiting.length)
  const [oldest] = (await listPartitions(db)).message
  return oldest && oldest.from < firstKept.from ? oldest.from : firstKept.from
}
