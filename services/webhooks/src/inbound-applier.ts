import { type AnswerInbound, applyInbound } from '@sms-gateway/db/apply-inbound'
import type { Db } from '@sms-gateway/db/connect'
import { findWaitingInbound, postponeInbound } from '@sms-gateway/db/inbound'
import type { BudgetsInForce } from '@sms-gateway/db/reserve-budgets'
import type { Vault } from '@sms-gateway/db/vault'
import type { Logger } from '@sms-gateway/service-kit/logger'
import { startRepeating } from '@sms-gateway/service-kit/repeat'
import { isAway } from './database-watch.ts'

export interface ApplierDeps {
  db: Db
  vault: Vault
  logger: Logger
  answer: AnswerInbound
  budgetsInForce: () => Promise<BudgetsInForce>
  now: () => Date
}

export interface InboundApplier {
  /** Something was kept: it is not to wait for the next round. */
  wake(): void
  stop(): Promise<void>
}

const EVERY_MS = 1_000
const BATCH_SIZE = 100
/** Over the 30 s that a statement has: a database that stands still is no error of ours. */
const RUN_LIMIT_MS = 60_000
/** One that fails is left alone for so long: it is a bug, and the others are not to wait for it. */
const POSTPONE_MS = 60_000

/** Applies what was kept, also what dead processes and the spool have left. Any number of processes may do so. */
export function startApplier(deps: ApplierDeps): InboundApplier {
  const repeating = startRepeating({
    ...{ name: 'apply inbound texts', everyMs: EVERY_MS, logger: deps.logger },
    limitMs: RUN_LIMIT_MS,
    run: (signal) => applyWaiting(deps, signal),
  })
  return {
    wake: () => void repeating.runNow(),
    stop: () => repeating.stop(),
  }
}

async function applyWaiting(deps: ApplierDeps, signal: AbortSignal): Promise<void> {
  try {
    while (!signal.aborted && (await applyBatch(deps, signal)) === BATCH_SIZE);
  } catch (err) {
    // While the database is away the intake says so, and spools.
    if (!isAway(err)) throw err
  }
}

/** How many were waiting. */
async function applyBatch(deps: ApplierDeps, signal: AbortSignal): Promise<number> {
  const ids = await findWaitingInbound(deps.db, deps.now(), BATCH_SIZE)
  for (const id of ids) {
    if (!signal.aborted) await applyOne(deps, id)
  }
  return ids.length
}

async function applyOne(
  { db, vault, logger, answer, budgetsInForce, now }: ApplierDeps,
  id: string,
): Promise<void> {
  try {
    await applyInbound(db, vault, id, { answer, inForce: await budgetsInForce(), now: now() })
  } catch (err) {
    if (isAway(err)) throw err
    logger.error({ err, inboundId: id }, 'inbound text not applied: tried again in a minute')
    await postponeInbound(db, id, new Date(now().getTime() + POSTPONE_MS))
  }
}
