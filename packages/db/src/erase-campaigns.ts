import { sql } from 'kysely'
import type { Db } from './connect.ts'
import type { Erasure } from './erasures.ts'
import { isErased } from './is-erased.ts'
import { BLANK } from './subject.ts'

/**
 * Blanks a batch of the person's rows in campaigns: one that is still to be handed over then ends as that of an erased
 * person. The hash is replaced by chance, so that nothing joins a row to the person. Returns how many.
 */
export async function blankRecipients(db: Db, erasure: Erasure, limit: number): Promise<number> {
  const { rows } = await sql`
    with mine as (
      select campaign_id, row_number, recipient_hash from campaign_recipient r
      where recipient_hash = ${erasure.recipientHash}
        and ${isErased(erasure, { sealed: 'sealed', at: 'due_at' })}
      order by campaign_id limit ${limit} for update
    )
    update campaign_recipient r set sealed = ${BLANK}, customer_id = null,
      recipient_hash = sha256(uuid_send(gen_random_uuid()))
    from mine where r.campaign_id = mine.campaign_id and r.recipient_hash = mine.recipient_hash
    returning r.campaign_id`.execute(db)
  return rows.length
}
