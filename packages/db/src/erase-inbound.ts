import { sql } from 'kysely'
import type { Db } from './connect.ts'
import type { Erasure } from './erasures.ts'
import { isErased } from './is-erased.ts'
import { BLANK } from './subject.ts'

const COLUMNS = { sealed: 'sender_cipher', at: 'received_at' }

/** Blanks a batch of the texts that the person wrote to us. Returns how many. */
export async function blankInbound(db: Db, erasure: Erasure, limit: number): Promise<number> {
  const { rows } = await sql`
    with mine as (
      select id from inbound
      where sender_hash = ${erasure.recipientHash} and ${isErased(erasure, COLUMNS)}
      order by id limit ${limit} for update
    )
    update inbound i set sender_cipher = ${BLANK}, content_cipher = ${BLANK}, customer_id = null, state = 'applied',
      sender_hash = sha256(uuid_send(gen_random_uuid()))
    from mine where i.id = mine.id
    returning i.id`.execute(db)
  return rows.length
}
