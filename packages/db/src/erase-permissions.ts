import { sql } from 'kysely'
import type { Db } from './connect.ts'
import type { Erasure } from './erasures.ts'
import { isErased } from './is-erased.ts'

/**
 * What a person refused goes on counting, by the hash alone: whoever has opted out or revoked a consent, and is then
 * erased, must not be written to again. What they agreed to ends.
 */
export async function erasePermissions(db: Db, erasure: Erasure): Promise<void> {
  const theirs = (at: string) => {
    const columns = { sealed: 'recipient_cipher', at }
    return sql<boolean>`recipient_hash = ${erasure.recipientHash} and recipient_cipher is not null
      and ${isErased(erasure, columns)}`
  }
  await sql`update opt_out set recipient_cipher = null, reason = null where ${theirs('created_at')}`.execute(
    db,
  )
  await sql`delete from consent where ${theirs('at')} and granted`.execute(db)
  await sql`update consent set recipient_cipher = null, proof_cipher = null, proof_hash = null
    where ${theirs('at')}`.execute(db)
  await sql`delete from permission_event where ${theirs('recorded_at')} and change = 'consent-granted'`.execute(
    db,
  )
  await sql`update permission_event set recipient_cipher = null, proof_cipher = null, reason = null
    where ${theirs('recorded_at')}`.execute(db)
}
