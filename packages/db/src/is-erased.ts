import { type RawBuilder, sql } from 'kysely'
import type { Erasure } from './erasures.ts'

/**
 * Whether an erasure is about a row of the person: whether the key that the person has now, if any, did not seal it. So
 * what came after the erasure stays, and what was being committed just then does not, whatever the clocks say. What was
 * sealed before people had keys is judged by its time.
 */
export function isErased(
  { recipientHash, requestedAt }: Pick<Erasure, 'recipientHash' | 'requestedAt'>,
  { sealed, at }: { sealed: string; at: string },
): RawBuilder<boolean> {
  const cipher = sql.ref(sealed)
  return sql<boolean>`(case substring(${cipher} from 1 for 1)
    when '\\x02'::bytea then substring(${cipher} from 2 for 8) is distinct from
      (select k.key_id from subject_key k where k.recipient_hash = ${recipientHash})
    when '\\x01'::bytea then ${sql.ref(at)} <= ${requestedAt}
    else true end)`
}
