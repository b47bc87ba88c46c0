import { sql } from 'kysely'
import { createRowId } from '@sms-gateway/domain/ids'
import type { Phone } from '@sms-gateway/domain/phone'
import type { PermissionKind } from '@sms-gateway/domain/suppression'
import type { Db } from './connect.ts'
import { type EnsuredSubjects, ensureSubjects, findSubjects } from './subject-keys.ts'
import { toHex } from './to-hex.ts'
import type { Vault } from './vault.ts'

/** One of a number, a channel and a kind. */
export interface OptOutKey {
  phone: Phone
  channel: string
  kind: PermissionKind
}

export interface OptOutChange extends OptOutKey {
  /** What it came by: `operator`, `import`, `link`, `keyword`, or the provider that said it. */
  source: string
  reason: string | null
  /** Whose key asked for it. */
  actor: string | null
  /** When the person said so, where that is not now. */
  at?: Date
}

/**
 * Puts numbers on our list; `false` for one that is on it already, which stays as it came: its first time and source
 * are the evidence. Each that is new is told in `permission_event`, in the same commit.
 */
export async function addOptOuts(
  db: Db,
  vault: Vault,
  optOuts: readonly OptOutChange[],
  now: Date,
): Promise<boolean[]> {
  const hashes = optOuts.map(({ phone }) => vault.hash(phone))
  const subjects = await ensureSubjects(db, vault, hashes)
  const rows = optOuts.map((optOut) => toRow(vault, subjects, optOut, now))
  // Of one that comes twice the first counts, and every writer takes them in the same order: they never deadlock.
  const firsts = [...new Map(rows.toReversed().map((row) => [keyOf(row), row])).values()]
  firsts.sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
  const { rows: added } = await sql<{ id: string }>`
    with input as (
      select * from json_to_recordset(${JSON.stringify(firsts)}::json) as i(id uuid, recipient_hash bytea, channel text,
        kind text, recipient_cipher bytea, event_cipher bytea, source text, reason text, actor text, at timestamptz)
    ),
    added as (
      insert into opt_out (recipient_hash, channel, kind, recipient_cipher, source, reason, created_at)
      select recipient_hash, channel, kind, recipient_cipher, source, reason, at from input
      on conflict (recipient_hash, channel, kind) do nothing
      returning recipient_hash, channel, kind
    )
    insert into permission_event (id, recipient_hash, recipient_cipher, channel, kind, change, source, reason, actor,
      at)
    select i.id, i.recipient_hash, i.event_cipher, i.channel, i.kind, 'opted-out', i.source, i.reason, i.actor, i.at
    from input i join added using (recipient_hash, channel, kind)
    returning id`.execute(db)
  const ids = new Set(added.map(({ id }) => id))
  return rows.map(({ id }) => ids.has(id))
}

export async function addOptOut(
  db: Db,
  vault: Vault,
  optOut: OptOutChange,
  now: Date,
): Promise<boolean> {
  const [added] = await addOptOuts(db, vault, [optOut], now)
  return added === true
}

/**
 * Takes a number off the list; false where it was not on it. `only` leaves alone what came by another source: whoever
 * undoes a click must not lift what the carrier says.
 */
export async function removeOptOut(
  db: Db,
  vault: Vault,
  change: OptOutChange,
  { now, only }: { now: Date; only?: string },
): Promise<boolean> {
  const { phone, channel, kind, source, reason, actor, at = now } = change
  const id = createRowId(now)
  const hash = vault.hash(phone)
  const subjects = await findSubjects(db, vault, [hash])
  const cipher = subjects.of(hash)?.seal(phone, id) ?? null
  const { rows } = await sql`
    with gone as (
      delete from opt_out
      where recipient_hash = ${hash} and channel = ${channel} and kind = ${kind}
        and (${only ?? null}::text is null or source = ${only ?? null})
      returning recipient_hash, channel, kind
    )
    insert into permission_event (id, recipient_hash, recipient_cipher, channel, kind, change, source, reason, actor,
      at)
    select ${id}::uuid, recipient_hash, ${cipher}::bytea, channel, kind, 'opt-out-lifted', ${source}, ${reason},
      ${actor}, ${at} from gone
    returning id`.execute(db)
  return rows.length > 0
}

function toRow(
  vault: Vault,
  subjects: EnsuredSubjects,
  { phone, at, ...change }: OptOutChange,
  now: Date,
) {
  const id = createRowId(now)
  const hash = vault.hash(phone)
  const subject = subjects.of(hash)
  return {
    ...change,
    id,
    recipient_hash: toHex(hash),
    recipient_cipher: toHex(subject.seal(phone, hash.toString('hex'))),
    event_cipher: toHex(subject.seal(phone, id)),
    at: at ?? now,
  }
}

function keyOf(row: { recipient_hash: string; channel: string; kind: string }): string {
  return `${row.recipient_hash} ${row.channel} ${row.kind}`
}
