import type { Selectable } from 'kysely'
import { type AuditMark, hashLink, ORIGIN, signMark } from './audit-chain.ts'
import type { Db, DbTransaction } from './connect.ts'
import { readLink } from './list-audit.ts'
import type { AuditTable } from './schema/audit.ts'
import type { Vault } from './vault.ts'

export type AuditVerdict =
  | { kind: 'whole'; rows: number; head: AuditMark }
  /** `seq` is the first row that is not what was written, or is missing. */
  | { kind: 'broken'; seq: number; reason: string }

const PAGE_SIZE = 2_000

/**
 * Follows the chain from its beginning to its end, as both are at one moment. `expected` is an end that was noted
 * elsewhere: it finds what the database alone cannot show, that the audit was set back to an older copy of itself.
 */
export async function verifyAudit(
  db: Db,
  vault: Vault,
  expected?: AuditMark,
): Promise<AuditVerdict> {
  return db
    .transaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute((trx) => followChain(trx, vault, expected))
}

async function followChain(
  trx: DbTransaction,
  vault: Vault,
  expected: AuditMark | undefined,
): Promise<AuditVerdict> {
  const start = await readMark(trx, vault, 'start')
  const head = await readMark(trx, vault, 'head')
  if (start === 'forged') return broken(1, 'the mark of its beginning is not ours')
  let last = start
  for (;;) {
    const rows = await trx
      .selectFrom('audit')
      .selectAll()
      .where('seq', '>', last.seq)
      .orderBy('seq')
      .limit(PAGE_SIZE)
      .execute()
    for (const row of rows) {
      const flaw = findFlaw(vault, last, row) ?? findOther(row, expected)
      if (flaw !== undefined) return broken(last.seq + 1, flaw)
      last = { seq: row.seq, hash: row.hash }
    }
    if (rows.length < PAGE_SIZE) return judgeEnd(last, { start, head, expected })
  }
}

function findFlaw(vault: Vault, last: AuditMark, row: Selectable<AuditTable>): string | undefined {
  if (row.seq !== last.seq + 1) return 'it is missing'
  return hashLink(vault, last.hash, readLink(row)).equals(row.hash)
    ? undefined
    : 'it is not what was written'
}

function findOther({ seq, hash }: AuditMark, expected: AuditMark | undefined): string | undefined {
  return expected?.seq === seq && !expected.hash.equals(hash)
    ? 'it is not the row that was expected'
    : undefined
}

function judgeEnd(
  last: AuditMark,
  {
    start,
    head,
    expected,
  }: { start: AuditMark; head: AuditMark | 'forged'; expected: AuditMark | undefined },
): AuditVerdict {
  const seq = last.seq + 1
  if (head === 'forged') return broken(seq, 'the mark of its end is not ours')
  if (head.seq > last.seq) return broken(seq, 'it is missing')
  if (head.seq < last.seq) return broken(head.seq + 1, 'it is after the end that was signed')
  if (expected && expected.seq > last.seq) {
    return broken(seq, 'it is missing: a later end was expected')
  }
  return { kind: 'whole', rows: last.seq - start.seq, head: last }
}

function broken(seq: number, reason: string): AuditVerdict {
  return { kind: 'broken', seq, reason }
}

/** Where there is none, nothing was ever written, or nothing dropped. */
async function readMark(
  trx: DbTransaction,
  vault: Vault,
  kind: 'head' | 'start',
): Promise<AuditMark | 'forged'> {
  const row = await trx
    .selectFrom('audit_mark')
    .select(['seq', 'hash', 'mac'])
    .where('kind', '=', kind)
    .executeTakeFirst()
  if (!row) return ORIGIN
  return signMark(vault, kind, row).equals(row.mac) ? { seq: row.seq, hash: row.hash } : 'forged'
}
