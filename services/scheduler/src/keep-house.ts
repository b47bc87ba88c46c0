import { findAuditHead, formatMark } from '@sms-gateway/db/audit-head'
import type { Db } from '@sms-gateway/db/connect'
import { pruneLive } from '@sms-gateway/db/fold-live'
import { pruneTurnsTaken } from '@sms-gateway/db/frequency-turns'
import { pruneIdempotentAnswers } from '@sms-gateway/db/idempotency'
import { pruneOtpCounts } from '@sms-gateway/db/otp-counts'
import { ensurePartitions } from '@sms-gateway/db/partitions'
import { pruneTallies } from '@sms-gateway/db/provider-minutes'
import { pruneCallbackEvents } from '@sms-gateway/db/prune-callback-events'
import { pruneTurns } from '@sms-gateway/db/rate-turns'
import { pruneTexts } from '@sms-gateway/db/recent-texts'
import { pruneRoutingPlans } from '@sms-gateway/db/routing-plans'
import { pruneSessions } from '@sms-gateway/db/sessions'
import { forgetOldWorkers } from '@sms-gateway/db/workers'
import type { Logger } from '@sms-gateway/service-kit/logger'

export interface KeepHouseDeps {
  db: Db
  now: () => Date
  logger: Logger
}

const HOUR = 60 * 60_000
const KEEP_MINUTES_MS = 48 * HOUR
const KEEP_TALLIES_MS = 90 * 24 * HOUR

/** Makes the months that come, and forgets what has a time of its own; what goes with the messages is `forgetOld`'s. */
export async function keepHouse({ db, now, logger }: KeepHouseDeps): Promise<void> {
  await ensurePartitions(db, now())
  await pruneIdempotentAnswers(db, now())
  await pruneTexts(db, now())
  await pruneTurnsTaken(db, now())
  await pruneOtpCounts(db, now())
  await forgetOldWorkers(db)
  await pruneTallies(db, new Date(now().getTime() - KEEP_TALLIES_MS))
  await pruneLive(db, new Date(now().getTime() - KEEP_MINUTES_MS))
  await pruneTurns(db)
  await pruneRoutingPlans(db, new Date(now().getTime() - KEEP_TALLIES_MS))
  await pruneCallbackEvents(db, now())
  await pruneSessions(db)
  // Where the database's own people cannot change it: see verify-audit.ts.
  const head = await findAuditHead(db)
  if (head) logger.info({ auditHead: formatMark(head) }, 'audit head')
}
