import { sql } from 'kysely'
import { z } from 'zod'
import type { Campaign, CampaignRecipient } from '@sms-gateway/domain/campaign'
import { sizeOfCanary } from '@sms-gateway/domain/campaign-judgement'
import type { CampaignId } from '@sms-gateway/domain/ids'
import type { NewMessage } from '@sms-gateway/domain/message'
import { lockCampaign, stopCampaign } from './campaign-actions.ts'
import { countUnsent } from './campaign-counts.ts'
import { toSealContext } from './campaign-loading.ts'
import { endRun } from './campaign-runs.ts'
import type { Db, DbTransaction } from './connect.ts'
import { insertAffordable } from './insert-affordable.ts'
import { giveTextsBack, takeTexts } from './recent-texts.ts'
import type { BudgetsInForce } from './reserve-budgets.ts'
import { openSubject, type Subject } from './subject.ts'
import type { EnsuredSubjects } from './subject-keys.ts'
import type { Vault } from './vault.ts'

/** What becomes of one person in a step. */
export type RecipientOutcome =
  | { kind: 'hand'; message: NewMessage }
  /** Not now: night, or outside the campaign's window. */
  | { kind: 'wait'; until: Date }
  | { kind: 'suppress'; reason: string }
  | { kind: 'reject'; reason: string; detail: string }

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

/** Nothing is known of them any more. */
export interface ErasedRecipient {
  row: number
  phone: null
}

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

    const taken = rows.map((row) => open(vault, campaign, row))
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
    const left = new Set(messages.filter((_, index) => results[index] === 'unaffordable'))
    const settled = outcomes.map((outcome) =>
      outcome.kind === 'hand' && left.has(outcome.message)
        ? { kind: 'wait' as const, until: now }
        : outcome,
    )
    if (windowSeconds > 0)
      await giveTextsBack(
        trx,
        [...left].map(({ id: each }) => each),
      )
    await settleRows(trx, campaign, { rows, outcomes: settled, now })
    if (left.size > 0) await stopCampaign(trx, campaign, BUDGET_PAUSE, now)
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

/** Nobody is left out: who has no room waits for whoever resumes it. */
const BUDGET_PAUSE = {
  status: 'paused',
  reason: {
    code: 'budget-exhausted',
    detail: 'A budget of the day or month has no room for the next: GET /budgets says which.',
  },
} as const

/** The keys of the people of this step: they are known already. */
function keysOf(taken: readonly Taken[]): EnsuredSubjects {
  const subjects = new Map(
    taken.map(({ row, subject }) => [row.recipient_hash.toString('hex'), subject] as const),
  )
  return {
    of(hash) {
      const subject = subjects.get(hash.toString('hex'))
      if (!subject) throw new Error('a message was made for a person who is not of this step')
      return subject
    },
  }
}

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

interface LedgerRow {
  row_number: number
  recipient_hash: Buffer
  sealed: Buffer
  key_cipher: Buffer | null
  customer_id: string | null
}

async function takeRows(
  trx: DbTransaction,
  { id, run }: Campaign,
  limit: number,
  now: Date,
): Promise<LedgerRow[]> {
  const { rows } = await sql<LedgerRow>`
    select r.row_number, r.recipient_hash, r.sealed, r.customer_id, k.key_cipher from campaign_recipient r
    left join subject_key k on k.recipient_hash = r.recipient_hash
    where r.campaign_id = ${id} and r.done_run = ${run - 1} and r.due_at <= ${now}
    order by r.due_at, r.row_number limit ${limit} for update of r skip locked`.execute(trx)
  return rows
}

const Sealed = z.object({
  phone: z.string(),
  data: z.record(z.string(), z.union([z.string(), z.number()])),
})

interface Taken {
  row: LedgerRow
  recipient: CampaignRecipient | ErasedRecipient
  /** What is sealed about the person is under this key; none where they were erased. */
  subject: Subject | undefined
}

function open(vault: Vault, { id, customerId }: Campaign, row: LedgerRow): Taken {
  const { row_number: number, recipient_hash: hash, key_cipher: keyCipher } = row
  const subject = keyCipher ? openSubject(vault, hash, keyCipher) : undefined
  const text = subject?.open(row.sealed, toSealContext(id, number))
  if (text === undefined)
    return { row, recipient: { row: number, phone: null }, subject: undefined }
  const opened = Sealed.parse(JSON.parse(text))
  const recipient = { row: number, customerId: row.customer_id ?? customerId, ...opened }
  return { row, recipient, subject }
}

async function settleRows(
  trx: DbTransaction,
  { id, run }: Campaign,
  {
    rows,
    outcomes,
    now,
  }: { rows: readonly LedgerRow[]; outcomes: readonly RecipientOutcome[]; now: Date },
): Promise<void> {
  if (rows.length !== outcomes.length) throw new Error('not one outcome for each recipient')
  const settled = outcomes.map((outcome) => toSettled(outcome, run))
  const refusals = outcomes.flatMap((outcome, index) => {
    const row = rows[index]?.row_number
    if (row === undefined || outcome.kind !== 'reject') return []
    return [{ row, code: outcome.reason, detail: outcome.detail }]
  })
  await sql`
    update campaign_recipient r
    set state = s.state, reason = s.reason, message_id = s.message_id, done_run = s.done_run, due_at = s.due_at
    from unnest(
      ${rows.map(({ recipient_hash: hash }) => hash.toString('hex'))}::text[],
      ${settled.map(({ state }) => state)}::text[],
      ${settled.map(({ reason }) => reason)}::text[],
      ${settled.map(({ messageId }) => messageId)}::uuid[],
      ${settled.map(({ doneRun }) => doneRun)}::int[],
      ${settled.map(({ dueAt }) => dueAt)}::timestamptz[]
    ) as s(hash, state, reason, message_id, done_run, due_at)
    where r.campaign_id = ${id} and r.recipient_hash = decode(s.hash, 'hex')`.execute(trx)

  await sql`
    insert into campaign_reject (campaign_id, row_number, code, detail)
    select ${id}, * from unnest(${refusals.map(({ row }) => row)}::int[],
      ${refusals.map(({ code }) => code)}::text[], ${refusals.map(({ detail }) => detail)}::text[])
    on conflict (campaign_id, row_number) do update set code = excluded.code, detail = excluded.detail`.execute(
    trx,
  )

  const count = (kind: RecipientOutcome['kind']) =>
    outcomes.filter((outcome) => outcome.kind === kind).length
  await sql`
    update campaign set handed = handed + ${count('hand')}, suppressed = suppressed + ${count('suppress')},
      refused = refused + ${count('reject')}, stepped_at = ${now}, updated_at = ${now}
    where id = ${id}`.execute(trx)
}

const NOT_YET = '-infinity'

function toSettled(outcome: RecipientOutcome, run: number) {
  const done = { reason: null, messageId: null, doneRun: run, dueAt: NOT_YET }
  switch (outcome.kind) {
    case 'hand':
      return { ...done, state: 'handed', messageId: outcome.message.id }
    case 'wait':
      return { ...done, state: 'pending', doneRun: run - 1, dueAt: outcome.until.toISOString() }
    case 'suppress':
      return { ...done, state: 'suppressed', reason: outcome.reason }
    case 'reject':
      return { ...done, state: 'rejected', reason: outcome.reason }
  }
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
