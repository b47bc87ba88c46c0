import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import type { AttemptKey } from '@sms-gateway/domain/ids'
import type { Phone } from '@sms-gateway/domain/phone'
import type { DeliveryReport, ProviderName } from '@sms-gateway/domain/provider'
import type { Db } from './connect.ts'
import { BLANK } from './subject.ts'
import type { Subjects } from './subject-keys.ts'
import { findSubjects } from './subject-keys.ts'
import type { Vault } from './vault.ts'

export interface NewReceipt {
  provider: ProviderName
  report: DeliveryReport
  /** Where the provider gave our attempt id back. */
  attempt: AttemptKey | null
  /** The number that it names. */
  recipient: Phone | null
  /** What tells a repeat of this receipt from another one of the same message. */
  dedupeBy: string
  /** As it came, for those who must look at it later. Not kept of a person of whom nothing else is held. */
  body: string
  receivedAt: Date
}

export function dedupeKeyOf({
  provider,
  dedupeBy,
}: Pick<NewReceipt, 'provider' | 'dedupeBy'>): Buffer {
  return createHash('sha256').update(`${provider}\n${dedupeBy}`).digest()
}

/** Keeps the receipts; one that came before is left alone. Returns the keys of the new ones. */
export async function insertReceipts(
  db: Db,
  vault: Vault,
  receipts: readonly NewReceipt[],
): Promise<Buffer[]> {
  const named = receipts.flatMap(({ recipient }) => recipient ?? [])
  const subjects = await findSubjects(
    db,
    vault,
    named.map((phone) => vault.hash(phone)),
  )
  const byKey = new Map<string, ReturnType<typeof toRow>>()
  for (const receipt of receipts) {
    const row = toRow(vault, subjects, receipt)
    byKey.set(row.dedupe_key, row)
  }
  const rows = [...byKey.values()].sort((a, b) => (a.dedupe_key < b.dedupe_key ? -1 : 1))
  const inserted = await sql<{ dedupe_key: Buffer }>`
    insert into receipt (dedupe_key, provider, reference, message_id, attempt_number, state, status, error_code, detail,
      opted_out, occurred_at, received_at, body_cipher, recipient_hash)
    select dedupe_key, provider, reference, message_id, attempt_number, state, status, error_code, detail,
      opted_out, occurred_at, received_at, body_cipher, recipient_hash
    from json_populate_recordset(null::receipt, ${JSON.stringify(rows)}::json)
    on conflict (dedupe_key) do nothing
    returning dedupe_key`.execute(db)
  return inserted.rows.map((row) => row.dedupe_key)
}

function toRow(vault: Vault, subjects: Subjects, receipt: NewReceipt) {
  const { provider, report, attempt, recipient, body, receivedAt } = receipt
  const key = dedupeKeyOf(receipt).toString('hex')
  const hash = recipient && vault.hash(recipient)
  const sealed = (hash && subjects.of(hash)?.seal(body, key)) ?? BLANK
  return {
    dedupe_key: `\\x${key}`,
    provider,
    reference: report.reference,
    message_id: attempt?.messageId,
    attempt_number: attempt?.number,
    state: 'new',
    status: report.status,
    error_code: report.errorCode,
    detail: report.detail,
    opted_out: report.optedOut ?? false,
    occurred_at: report.at,
    received_at: receivedAt,
    body_cipher: `\\x${sealed.toString('hex')}`,
    recipient_hash: hash && `\\x${hash.toString('hex')}`,
  }
}

/** Receipts nobody has applied: left by a process that died, or parked until the submission they speak of is known. */
export async function findWaitingReceipts(db: Db, before: Date, limit: number): Promise<Buffer[]> {
  const { rows } = await sql<{ dedupe_key: Buffer }>`
    select dedupe_key from receipt r
    where state <> 'applied' and received_at < ${before}
      and (state = 'new' or exists (select from provider_reference p
        where p.provider = r.provider and p.reference = r.reference))
    order by received_at limit ${limit}`.execute(db)
  return rows.map((row) => row.dedupe_key)
}
