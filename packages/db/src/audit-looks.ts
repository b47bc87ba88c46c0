import { type Selectable, sql } from 'kysely'
import { type AuditLink, hashLink, ORIGIN } from './audit-chain.ts'
import type { DbTransaction } from './connect.ts'
import { readLink } from './list-audit.ts'
import type { AuditTable } from './schema/audit.ts'
import type { Vault } from './vault.ts'

/** A row stands for all that the same person read of the same subject so long after it. */
const STRETCH_MS = 15 * 60_000
/** Of a subject's newest rows: where more than these were written meanwhile, there is one row more. */
const NEWEST = 50

type Same = Pick<AuditLink, 'keyId' | 'action' | 'subjectKind' | 'subject'>

/** What makes two looks the same: one row stands for both. */
export function nameLook({ keyId, action, subjectKind, subject }: Same): string {
  return JSON.stringify([keyId, action, subjectKind, subject])
}

interface FoundRow extends Selectable<AuditTable> {
  place: number
  before: Buffer | null
}

/**
 * Those of the looks that the audit has a row for. To be asked under the lock of its end, so that of two processes the second sees
 * the row of the first. A row counts only where it is of our making: one that somebody puts into the table and takes away
 * again would hide what was read meanwhile. Clocks differ, so a row may also be a little younger than the look.
 */
export async function findKnownLooks(
  trx: DbTransaction,
  vault: Vault,
  looks: readonly AuditLink[],
): Promise<Set<AuditLink>> {
  if (looks.length === 0) return new Set()
  const input = looks.map((look, place) => ({
    place,
    key_id: look.keyId,
    action: look.action,
    subject_kind: look.subjectKind,
    subject: look.subject,
    since: new Date(look.at.getTime() - STRETCH_MS),
    until: new Date(look.at.getTime() + STRETCH_MS),
  }))
  const { rows } = await sql<FoundRow>`
    select i.place, a.*, p.hash as before
    from json_to_recordset(${JSON.stringify(input)}::json) as i(place int, key_id uuid, action text, subject_kind text,
      subject text, since timestamptz, until timestamptz)
    join lateral (
      select n.* from (select * from audit where subject = i.subject order by seq desc limit ${NEWEST}) n
      where n.key_id = i.key_id and n.action = i.action and n.subject_kind = i.subject_kind and n.outcome = 'ok'
        and n.at > i.since and n.at < i.until
      order by n.seq desc limit 1
    ) a on true
    left join audit p on p.seq = a.seq - 1`.execute(trx)
  const places = new Set(rows.filter((row) => isOurs(vault, row)).map(({ place }) => place))
  return new Set(looks.filter((_, place) => places.has(place)))
}

function isOurs(vault: Vault, { place: _, before, ...row }: FoundRow): boolean {
  const hash = row.seq === ORIGIN.seq + 1 ? ORIGIN.hash : before
  return hash !== null && hashLink(vault, hash, readLink(row)).equals(row.hash)
}
