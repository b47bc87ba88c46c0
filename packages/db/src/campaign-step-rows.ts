import { sql } from 'kysely'
import { z } from 'zod'
import type { Campaign, CampaignRecipient } from '@sms-gateway/domain/campaign'
import type { NewMessage } from '@sms-gateway/domain/message'
import { toSealContext } from './campaign-loading.ts'
import type { DbTransaction } from './connect.ts'
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

/** Nothing is known of them any more. */
export interface ErasedRecipient {
  row: number
  phone: null
}

export interface LedgerRow {
  row_number: number
  recipient_hash: Buffer
  sealed: Buffer
  key_cipher: Buffer | null
  customer_id: string | null
}

/** The next people of the run, by when they are due; nobody else takes them until the transaction ends. */
export async function takeRows(
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

export interface Taken {
  row: LedgerRow
  recipient: CampaignRecipient | ErasedRecipient
  /** What is sealed about the person is under this key; none where they were erased. */
  subject: Subject | undefined
}

export function openRow(vault: Vault, { id, customerId }: Campaign, row: LedgerRow): Taken {
  const { row_number: number, recipient_hash: hash, key_cipher: keyCipher } = row
  const subject = keyCipher ? openSubject(vault, hash, keyCipher) : undefined
  const text = subject?.open(row.sealed, toSealContext(id, number))
  if (text === undefined)
    return { row, recipient: { row: number, phone: null }, subject: undefined }
  const opened = Sealed.parse(JSON.parse(text))
  const recipient = { row: number, customerId: row.customer_id ?? customerId, ...opened }
  return { row, recipient, subject }
}

/** Says in the ledger what became of each, and counts it. */
export async function settleRows(
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

/** The keys of the people of this step: they are known already. */
export function keysOf(taken: readonly Taken[]): EnsuredSubjects {
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
