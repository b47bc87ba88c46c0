import type { Campaign, CampaignRecipient } from '@sms-gateway/domain/campaign'
import { sizeOfCanary } from '@sms-gateway/domain/campaign-judgement'
import type { CampaignId } from '@sms-gateway/domain/ids'
import type { NewMessage } from '@sms-gateway/domain/message'
import { stopCampaign } from './campaign-actions.ts'
import { countUnsent } from './campaign-counts.ts'
import { endRun } from './campaign-runs.ts'
import {
  type ErasedRecipient,
  keysOf,
  openRow,
  type RecipientOutcome,
  settleRows,
  takeRows,
} from './campaign-step-rows.ts'
import type { Db, DbTransaction } from './connect.ts'
import { findHeldBack } from './find-held-back.ts'
import { insertAffordable, type Insertion } from './insert-affordable.ts'
import { lockCampaign } from './lock-campaign.ts'
import { giveTextsBack, takeTexts } from './recent-texts.ts'
import type { BudgetsInForce } from './reserve-budgets.ts'
import type { Vault } from './vault.ts'

export interface StepOptions {
  id: CampaignId
  now: Date
  /** People a step takes at most. */
  size: number
  /** Messages of one campaign that may wait for a provider at once. */
  backlog: number
  /** `SMS_DUPLICATE_WINDOW_SECONDS`; 0 is off. */
  windowSeconds: number
  inForce: BudgetsInForce
}

export type StepResult =
  /** Somebody else has it in hand, or it does not run any more. */
  | { kind: 'none' }
  /** Nobody could be taken now: its backlog is full, or everybody waits for their morning, or for the canary. */
  | { kind: 'waiting' }
  | { kind: 'handed'; messages: NewMessage[]; taken: number }
  | { kind: 'ended' }

/** Decides about each of them, in the order given. May read by the transaction; may not write. */
export type PrepareRecipients = (
  trx: DbTransaction,
  campaign: Campaign,
  recipients: readonly (CampaignRecipient | ErasedRecipient)[],
) => Promise<RecipientOutcome[]>

/**
 * Takes the next people of a campaign and makes their messages, all in one transaction under the campaign's lock: a
 * message and the row that says so are committed together, so a crash at any moment leaves nobody out and nobody twice.
 */
export async function stepCampaign(
  db: Db,
  vault: Vault,
  { id, now, size, backlog, windowSeconds, inForce }: StepOptions,
  prepare: PrepareRecipients,
): Promise<StepResult> {
  return db.transaction().execute(async (trx) => {
    if (!(await tryLock(trx, id))) return { kind: 'none' }
    const campaign = await lockCampaign(trx, vault, id)
    if (campaign?.status !== 'running') return { kind: 'none' }
    const unsent = await countUnsent(trx, id, backlog)
    const room = Math.min(size, backlog - unsent, roomOfCanary(campaign))
    const rows = room > 0 ? await takeRows(trx, campaign, room, now) : []
    if (rows.length === 0) return settleIdle(trx, campaign, { unsent, now })

    const taken = rows.map((row) => openRow(vault, campaign, row))
    const prepared = await prepare(
      trx,
      campaign,
      taken.map(({ recipient }) => recipient),
    )
    const outcomes = await leaveOutRepeats(trx, vault, prepared, windowSeconds)
    const messages = outcomes.flatMap((outcome) =>
      outcome.kind === 'hand' ? [outcome.message] : [],
    )
    const accepted = messages.map((message) => ({ message }))
    const budget = { inForce, known: keysOf(taken) }
    const results = await insertAffordable(trx, vault, accepted, budget)
    const isOf = (kind: Insertion) => messages.filter((_, index) => results[index] === kind)
    const unaffordable = isOf('unaffordable')
    const heldBack = await findHeldBack(trx, unaffordable, inForce)
    const full = new Set(unaffordable.filter((message) => !heldBack.has(message)))
    const left = new Set([...unaffordable, ...isOf('counting')])
    const soon = new Date(now.getTime() + COUNTING_MS)
    const settled = outcomes.map((outcome) => {
      if (outcome.kind !== 'hand' || !left.has(outcome.message)) return outcome
      return { kind: 'wait' as const, until: full.has(outcome.message) ? now : soon }
    })
    if (windowSeconds > 0)
      await giveTextsBack(
        trx,
        [...left].map(({ id: each }) => each),
      )
    await settleRows(trx, campaign, { rows, outcomes: settled, now })
    if (full.size > 0) await stopCampaign(trx, campaign, BUDGET_PAUSE, now)
    const handed = messages.filter((message) => !left.has(message))
    return { kind: 'handed', messages: handed, taken: rows.length }
  })
}

/** Whoever got the same text a moment ago is left out. */
async function leaveOutRepeats(
  trx: DbTransaction,
  vault: Vault,
  outcomes: readonly RecipientOutcome[],
  windowSeconds: number,
): Promise<readonly RecipientOutcome[]> {
  if (windowSeconds === 0) return outcomes
  const messages = outcomes.flatMap((each) => (each.kind === 'hand' ? [each.message] : []))
  const repeats = await takeTexts(trx, vault, messages, windowSeconds)
  return outcomes.map((each) =>
    each.kind === 'hand' && repeats.has(each.message.id) ? REPEATED : each,
  )
}

const REPEATED = { kind: 'suppress', reason: 'duplicate-message' } as const

/** Until then it is known, mostly, what a budget that was just set has room for, or what a bulk has left of one. */
const COUNTING_MS = 2_000

/** Nobody is left out: who has no room waits for whoever resumes it. */
const BUDGET_PAUSE = {
  status: 'paused',
  reason: {
    code: 'budget-exhausted',
    detail: 'A budget of the day or month has no room for the next: GET /budgets says which.',
  },
} as const

/** Another replica's step is not waited for. */
async function tryLock(trx: DbTransaction, id: CampaignId): Promise<boolean> {
  const row = await trx
    .selectFrom('campaign')
    .select('id')
    .where('id', '=', id)
    .forNoKeyUpdate()
    .skipLocked()
    .executeTakeFirst()
  return row !== undefined
}

function roomOfCanary({ canaryOpen, canary, recipients, ...done }: Campaign): number {
  if (!canaryOpen || !canary) return Infinity
  return sizeOfCanary(canary, recipients) - doneOf(done)
}

function doneOf({
  handed,
  suppressed,
  refused,
}: Pick<Campaign, 'handed' | 'suppressed' | 'refused'>): number {
  return handed + suppressed + refused
}

/** Nobody was taken: the run is at its end, or its canary is, or it waits. */
async function settleIdle(
  trx: DbTransaction,
  campaign: Campaign,
  { unsent, now }: { unsent: number; now: Date },
): Promise<StepResult> {
  const isCanaryHanded =
    unsent === 0 && campaign.canaryOpen && roomOfCanary(campaign) <= 0 && !campaign.canaryHandedAt
  await trx
    .updateTable('campaign')
    .set({ stepped_at: now, ...(isCanaryHanded && { canary_handed_at: now }) })
    .where('id', '=', campaign.id)
    .execute()
  if (unsent > 0 || (await isAnybodyLeft(trx, campaign))) return { kind: 'waiting' }
  await endRun(trx, campaign, 'finished', now)
  return { kind: 'ended' }
}

async function isAnybodyLeft(trx: DbTransaction, { id, run }: Campaign): Promise<boolean> {
  const row = await trx
    .selectFrom('campaign_recipient')
    .select('row_number')
    .where('campaign_id', '=', id)
    .where('done_run', '=', run - 1)
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}
