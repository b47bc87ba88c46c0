import { sql } from 'kysely'
import { createRowId } from '@sms-gateway/domain/ids'
import type { Db } from './connect.ts'
import type { OptOutKey } from './opt-outs.ts'
import { type EnsuredSubjects, ensureSubjects } from './subject-keys.ts'
import { toHex } from './to-hex.ts'
import type { Vault } from './vault.ts'

/** What a person said of one kind of message on one channel. */
export interface ConsentRecord extends OptOutKey {
  granted: boolean
  /** Where it was said: a form, a call, a contract. */
  source: string
  /** Of the words that were agreed to. */
  wordingVersion: string
  proof: string | null
  /** Whose key recorded it. */
  actor: string | null
  /** When the person said so, where that is not now. */
  at?: Date
}

/**
 * Records what people said, in history and as what stands now. `false` for one that says nothing new: it stands so
 * already, or it is in the history. An older one than what stands goes into the history alone.
 */
export async function recordConsents(
  db: Db,
  vault: Vault,
  records: readonly ConsentRecord[],
  now: Date,
): Promise<boolean[]> {
  const hashes = records.map(({ phone }) => vault.hash(phone))
  const subjects = await ensureSubjects(db, vault, hashes)
  const rows = records.map((record) => toRow(vault, subjects, record, now))
  const fresh = new Set<string>()
  for (const round of takeRounds(rows)) {
    for (const id of await recordRound(db, round)) fresh.add(id)
  }
  return rows.map(({ id }) => fresh.has(id))
}

export async function recordConsent(
  db: Db,
  vault: Vault,
  record: ConsentRecord,
  now: Date,
): Promise<boolean> {
  const [fresh] = await recordConsents(db, vault, [record], now)
  return fresh === true
}

type Row = ReturnType<typeof toRow>

/** One statement may not touch a row twice: what comes again of a person goes into the next one. */
function takeRounds(rows: readonly Row[]): Row[][] {
  const rounds: Map<string, Row>[] = []
  for (const row of rows) {
    const free = rounds.find((round) => !round.has(row.key))
    if (free) free.set(row.key, row)
    else rounds.push(new Map([[row.key, row]]))
  }
  // Every writer takes them in the same order: they wait instead of deadlocking.
  return rounds.map((round) => [...round.values()].sort((a, b) => (a.key < b.key ? -1 : 1)))
}

async function recordRound(db: Db, rows: readonly Row[]): Promise<string[]> {
  const { rows: fresh } = await sql<{ id: string }>`
    with input as (
      select * from json_to_recordset(${JSON.stringify(rows)}::json) as i(id uuid, recipient_hash bytea, channel text,
        kind text, granted boolean, change text, recipient_cipher bytea, event_cipher bytea, source text,
        wording_version text, proof_cipher bytea, event_proof_cipher bytea, proof_hash bytea, actor text, at timestamptz)
    ),
    fresh as (
      select i.* from input i
      left join consent c using (recipient_hash, channel, kind)
      where (c.granted, c.source, c.wording_version, c.proof_hash)
          is distinct from (i.granted, i.source, i.wording_version, i.proof_hash)
        and not exists (select from permission_event e where e.recipient_hash = i.recipient_hash
          and e.channel = i.channel and e.kind = i.kind and e.change = i.change and e.at = i.at)
    ),
    stands as (
      insert into consent as c (recipient_hash, channel, kind, granted, recipient_cipher, source, wording_version,
        proof_cipher, proof_hash, actor, at)
      select recipient_hash, channel, kind, granted, recipient_cipher, source, wording_version, proof_cipher,
        proof_hash, actor, at from fresh
      on conflict (recipient_hash, channel, kind) do update set granted = excluded.granted,
        recipient_cipher = excluded.recipient_cipher, source = excluded.source,
        wording_version = excluded.wording_version, proof_cipher = excluded.proof_cipher,
        proof_hash = excluded.proof_hash, actor = excluded.actor, at = excluded.at
      where c.at <= excluded.at
    )
    insert into permission_event (id, recipient_hash, recipient_cipher, channel, kind, change, source, wording_version,
      proof_cipher, actor, at)
    select id, recipient_hash, event_cipher, channel, kind, change, source, wording_version, event_proof_cipher, actor, at
    from fresh
    returning id`.execute(db)
  return fresh.map(({ id }) => id)
}

function toRow(vault: Vault, subjects: EnsuredSubjects, record: ConsentRecord, now: Date) {
  const { phone, channel, kind, granted, source, wordingVersion, proof, actor, at = now } = record
  const id = createRowId(now)
  const hash = vault.hash(phone)
  const subject = subjects.of(hash)
  const context = hash.toString('hex')
  return {
    key: `${context} ${channel} ${kind}`,
    id,
    recipient_hash: toHex(hash),
    channel,
    kind,
    granted,
    change: granted ? 'consent-granted' : 'consent-revoked',
    recipient_cipher: toHex(subject.seal(phone, context)),
    event_cipher: toHex(subject.seal(phone, id)),
    source,
    wording_version: wordingVersion,
    proof_cipher: proof === null ? null : toHex(subject.seal(proof, context)),
    event_proof_cipher: proof === null ? null : toHex(subject.seal(proof, id)),
    proof_hash: proof === null ? null : toHex(vault.hash(proof)),
    actor,
    at,
  }
}
