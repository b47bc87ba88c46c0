import { sql } from 'kysely'
import type { Campaign, CampaignRecipient } from '@sms-gateway/domain/campaign'
import type { Canary } from '@sms-gateway/domain/campaign-judgement'
import type { CampaignId } from '@sms-gateway/domain/ids'
import { campaignStart } from './campaign-runs.ts'
import { toCampaign } from './campaigns.ts'
import type { Db } from './connect.ts'
import { keepAnswer } from './idempotency.ts'
import type { IdempotentAnswer } from './seal-messages.ts'
import { ensureSubjects } from './subject-keys.ts'
import type { Vault } from './vault.ts'

export interface LedgerEntry extends CampaignRecipient {
  segments: number
}

export interface Appended {
  recipients: number
  segments: number
}

/**
 * Puts people on the ledger; of a number that comes twice the first stays. How many were new, with their segments. One
 * call at a time: a later row must not overtake an earlier one of the same number.
 */
export async function appendRecipients(
  db: Db,
  vault: Vault,
  campaignId: CampaignId,
  entries: readonly LedgerEntry[],
): Promise<Appended> {
  if (entries.length === 0) return { recipients: 0, segments: 0 }
  const rows = entries.map(({ row }) => row)
  const hashes = entries.map(({ phone }) => vault.hash(phone))
  const subjects = await ensureSubjects(db, vault, hashes)
  const sealed = entries.map(({ row, phone, data }, index) =>
    subjects
      .of(hashes[index] ?? vault.hash(phone))
      .seal(JSON.stringify({ phone, data }), toSealContext(campaignId, row))
      .toString('hex'),
  )
  const customers = entries.map(({ customerId }) => customerId)
  const segments = entries.map((entry) => entry.segments)
  // Touched with each batch: an upload whose process has died is seen by its silence.
  const { rows: found } = await sql<{ recipients: number; segments: number }>`
    with stored as (
      insert into campaign_recipient (campaign_id, row_number, recipient_hash, sealed, customer_id, segments)
      select ${campaignId}, row_number, decode(hash, 'hex'), decode(sealed, 'hex'), customer_id, segments
      from unnest(${rows}::int[], ${hashes.map((hash) => hash.toString('hex'))}::text[], ${sealed}::text[], ${customers}::text[], ${segments}::smallint[])
        as input(row_number, hash, sealed, customer_id, segments)
      order by row_number
      on conflict (campaign_id, recipient_hash) do nothing
      returning segments
    ),
    touched as (update campaign set touched_at = now() where id = ${campaignId})
    select count(*)::int as recipients, coalesce(sum(segments), 0)::int as segments from stored`.execute(
    db,
  )
  return found[0] ?? { recipients: 0, segments: 0 }
}

/** What a sealed row of the ledger is bound to: copied to another row it does not open. */
export function toSealContext(campaignId: string, row: number): string {
  return `${campaignId}.${row}`
}

export interface Reject {
  row: number
  code: string
  detail: string
}

export async function appendRejects(
  db: Db,
  campaignId: CampaignId,
  rejects: readonly Reject[],
): Promise<void> {
  if (rejects.length === 0) return
  await sql`
    insert into campaign_reject (campaign_id, row_number, code, detail)
    select ${campaignId}, * from unnest(${rejects.map(({ row }) => row)}::int[],
      ${rejects.map(({ code }) => code)}::text[], ${rejects.map(({ detail }) => detail)}::text[])`.execute(
    db,
  )
}

export interface Loaded extends Appended {
  id: CampaignId
  rejects: number
  duplicates: number
  canary: Canary | null
  /** Where it begins; the first run of one that is `scheduled` is at `nextRunAt`. */
  begin: { status: 'draft' } | { status: 'running' } | { status: 'scheduled'; nextRunAt: Date }
  now: Date
}

/** An upload that came to nothing: the scheduler takes away what it has left, and need not wait for its silence. */
export async function abandonCampaign(db: Db, id: CampaignId): Promise<void> {
  await sql`update campaign set touched_at = '-infinity' where id = ${id} and loaded_at is null`.execute(
    db,
  )
}

type Answer = IdempotentAnswer & { clientId: string }

/**
 * From here on the campaign is there for all to see, and goes on its way. `undefined` where its client has used the
 * idempotency key before: then it is nobody's.
 */
export async function finishLoading(
  db: Db,
  vault: Vault,
  { id, recipients, segments, rejects, duplicates, canary, begin, now }: Loaded,
  answerOf?: (campaign: Campaign) => Answer,
): Promise<Campaign | undefined> {
  const finished = await db
    .transaction()
    .execute(async (trx) => {
      const row = await trx
        .updateTable('campaign')
        .set({
          recipients,
          segments,
          rejects,
          duplicates,
          canary: JSON.stringify(canary),
          loaded_at: now,
          updated_at: now,
          ...(begin.status === 'running'
            ? campaignStart({ run: 0, canary }, now)
            : { status: begin.status }),
          next_run_at: begin.status === 'scheduled' ? begin.nextRunAt : null,
        })
        .where('id', '=', id)
        .where('loaded_at', 'is', null)
        .returningAll()
        .executeTakeFirstOrThrow()
      const campaign = toCampaign(vault, row)
      const answer = answerOf?.(campaign)
      if (!answer || (await keepAnswer(trx, vault, { ...answer, subject: id, now })))
        return campaign
      throw new KeyUsedError()
    })
    .catch((err: unknown) => {
      if (err instanceof KeyUsedError) return undefined
      throw err
    })
  return finished
}

/** Takes the transaction back. */
class KeyUsedError extends Error {
  override readonly name = 'KeyUsedError'
}
