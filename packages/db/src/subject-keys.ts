import { sql } from 'kysely'
import type { Db } from './connect.ts'
import { prepared } from './prepared.ts'
import type { NewSubjectKey, Subject } from './subject.ts'
import { createSubjectKey, openSubject } from './subject.ts'
import { toHex } from './to-hex.ts'
import type { Vault } from './vault.ts'

interface KeyRow {
  recipient_hash: Buffer
  key_cipher: Buffer
  retired?: boolean
}

export interface Subjects {
  /** By the hash of the number. */
  of: (recipientHash: Buffer) => Subject | undefined
}

export interface EnsuredSubjects {
  of: (recipientHash: Buffer) => Subject
}

/** Two processes that meet somebody new at once each make a key: one of them loses, and looks again. */
const TRIES = 5
/** Keys a statement: of a batch of thousands, one would hold the connection for too long at once. */
const CHUNK = 500

/**
 * The people behind these hashes; who is new gets a key. One round trip. The commit of a new key is not waited for: it
 * stands in the log before the commit of whatever it seals, so it is on the disk before that is. Within a transaction
 * it is a part of that, and whoever meets the same new people waits for its end: call it before a long one.
 */
export async function ensureSubjects(
  db: Db,
  vault: Vault,
  recipientHashes: readonly Buffer[],
): Promise<EnsuredSubjects> {
  const subjects = new Map<string, Subject>()
  let missing = distinct(recipientHashes)
  for (let tries = 1; tries <= TRIES && missing.length > 0; tries++) {
    for (let start = 0; start < missing.length; start += CHUNK) {
      const candidates = makeCandidates(vault, missing.slice(start, start + CHUNK))
      const rows = await takeBack(db, await makeKeys(db, candidates))
      addSubjects(subjects, vault, rows, candidates)
    }
    missing = missing.filter(([hex]) => !subjects.has(hex))
  }
  return {
    of(hash) {
      const subject = subjects.get(hash.toString('hex'))
      if (!subject) throw new Error('a person has no key although one was made')
      return subject
    },
  }
}

/** Those of the people who have a key: the others are not known, or were erased. */
export async function findSubjects(
  db: Db,
  vault: Vault,
  recipientHashes: readonly Buffer[],
): Promise<Subjects> {
  const subjects = new Map<string, Subject>()
  if (recipientHashes.length > 0) {
    const rows = await db
      .selectFrom('subject_key')
      .select(['recipient_hash', 'key_cipher'])
      .where('recipient_hash', 'in', [...recipientHashes])
      .execute()
    addSubjects(subjects, vault, rows)
  }
  return { of: (hash) => subjects.get(hash.toString('hex')) }
}

/** By the hash, in hex. */
type Candidates = ReadonlyMap<string, NewSubjectKey>

function makeCandidates(vault: Vault, missing: readonly (readonly [string, Buffer])[]): Candidates {
  return new Map(missing.map(([hex, hash]) => [hex, createSubjectKey(vault, hash)]))
}

async function makeKeys(db: Db, candidates: Candidates): Promise<KeyRow[]> {
  const input = [...candidates].map(([hex, { id, cipher }]) => ({
    recipient_hash: `\\x${hex}`,
    key_id: toHex(id),
    key_cipher: toHex(cipher),
  }))
  const commit = db.isTransaction
    ? sql`current_setting('synchronous_commit')`
    : sql`set_config('synchronous_commit', 'off', true)`
  const { rows } = await sql<KeyRow>`${prepared('ensure-subjects')}
    with input as (
      select recipient_hash, key_id, key_cipher
      from json_populate_recordset(null::subject_key, ${JSON.stringify(input)}::json)
    ),
    quick as materialized (select ${commit}),
    made as (
      insert into subject_key (recipient_hash, key_id, key_cipher)
      select i.recipient_hash, i.key_id, i.key_cipher from input i cross join quick
      order by i.recipient_hash
      on conflict (recipient_hash) do nothing
      returning recipient_hash, key_cipher
    )
    select recipient_hash, key_cipher, false as retired from made
    union all
    select k.recipient_hash, k.key_cipher, k.retired_at is not null as retired from input i
    cross join lateral (select * from subject_key k where k.recipient_hash = i.recipient_hash limit 1) k`.execute(
    db,
  )
  return rows
}

/** A key that is about to go stays; one that has gone meanwhile is left out, and another is made. */
async function takeBack(db: Db, rows: readonly KeyRow[]): Promise<readonly KeyRow[]> {
  const retired = rows.filter((row) => row.retired).map((row) => row.recipient_hash)
  if (retired.length === 0) return rows
  const { rows: back } = await sql<KeyRow>`
    with locked as (
      select recipient_hash from subject_key where recipient_hash = any(${retired})
      order by recipient_hash for update
    )
    update subject_key k set retired_at = null from locked where k.recipient_hash = locked.recipient_hash
    returning k.recipient_hash, k.key_cipher`.execute(db)
  return [...rows.filter((row) => !row.retired), ...back]
}

/** A candidate that became the key need not be opened again. */
function addSubjects(
  subjects: Map<string, Subject>,
  vault: Vault,
  rows: readonly KeyRow[],
  candidates?: Candidates,
): void {
  for (const { recipient_hash: hash, key_cipher: cipher } of rows) {
    const hex = hash.toString('hex')
    const candidate = candidates?.get(hex)
    const isKey = candidate?.cipher.equals(cipher) === true
    subjects.set(hex, isKey ? candidate.subject : openSubject(vault, hash, cipher))
  }
}

/** In one order for every writer: two batches that meet the same people wait instead of deadlocking. */
function distinct(hashes: readonly Buffer[]): [hex: string, hash: Buffer][] {
  const byHex = new Map(hashes.map((hash) => [hash.toString('hex'), hash]))
  return [...byHex].sort(([a], [b]) => (a < b ? -1 : 1))
}
