import { sql } from 'kysely'
import {
  type AuditLink,
  type AuditMark,
  breakOf,
  hashLink,
  ORIGIN,
  signMark,
} from './audit-chain.ts'
import { findKnownLooks, nameLook } from './audit-looks.ts'
import type { Db, DbTransaction } from './connect.ts'
import type { Vault } from './vault.ts'

/** Whom or what it was about: an id of ours, or a number, which is kept as its keyed hash. */
export type AuditSubject = { kind: string; id: string } | { kind: 'recipient'; phone: string }

export interface AuditEntry {
  at: Date
  /** `null` where no key asked: the gateway itself did it. */
  clientId: string | null
  keyId: string | null
  /** `message.read`: a stable name. */
  action: string
  subject: AuditSubject | null
  requestId: string | null
  /** `ok`, or the code of the problem that was answered. */
  outcome: string
  /** A person reads again what they have before them: one row stands for a stretch of it (`findKnownLooks`). */
  isLook?: boolean
}

export interface Audit {
  /** Commits them, in this order, after all that are there; all or none. Of the same looks the first of a stretch. */
  append: (entries: readonly AuditEntry[]) => Promise<void>
}

export function createAudit(db: Db, vault: Vault): Audit {
  return { append: (entries) => appendAudit(db, vault, entries) }
}

const NOT_OURS = Buffer.alloc(32)

async function appendAudit(db: Db, vault: Vault, entries: readonly AuditEntry[]): Promise<void> {
  if (entries.length === 0) return
  await db.transaction().execute(async (trx) => {
    let last = await lockHead(trx, vault)
    const fresh = await leaveOutKnown(trx, vault, entries)
    if (fresh.length === 0) return
    const rows = fresh.map((entry) => {
      const link = toLink(vault, last.seq + 1, entry)
      last = { seq: link.seq, hash: hashLink(vault, last.hash, link) }
      return toRow(link, last.hash)
    })
    await trx.insertInto('audit').values(rows).execute()
    const { seq, hash } = last
    await trx
      .updateTable('audit_mark')
      .set({ seq, hash, mac: signMark(vault, 'head', last), at: new Date() })
      .where('kind', '=', 'head')
      .execute()
  })
}

/** All that are no looks, and those looks of which the audit does not tell yet. */
async function leaveOutKnown(
  trx: DbTransaction,
  vault: Vault,
  entries: readonly AuditEntry[],
): Promise<AuditEntry[]> {
  const links = entries.map((entry) => ({ entry, link: toLink(vault, 0, entry) }))
  // Nobody's, or of nothing: there is no telling one from another.
  const looks = links
    .filter(({ entry, link }) => entry.isLook && link.keyId !== null && link.subject !== null)
    .map(({ link }) => link)
  const known = await findKnownLooks(trx, vault, looks)
  const added = new Set<string>()
  const isNew = (look: AuditLink) => {
    const name = nameLook(look)
    if (known.has(look) || added.has(name)) return false
    added.add(name)
    return true
  }
  const areLooks = new Set(looks)
  return links.filter(({ link }) => !areLooks.has(link) || isNew(link)).map(({ entry }) => entry)
}

/** Writers of all processes pass here one after the other: a chain has one end. */
async function lockHead(trx: DbTransaction, vault: Vault): Promise<AuditMark> {
  const head = (await readHead(trx)) ?? (await beginHead(trx, vault))
  if (signMark(vault, 'head', head).equals(head.mac)) return { seq: head.seq, hash: head.hash }
  // Not of our making. To go on from it would make it ours: the next row joins nothing, which shows for ever.
  const { seq } = await trx
    .selectFrom('audit')
    .select((eb) => eb.fn.coalesce(eb.fn.max('seq'), eb.lit(0)).as('seq'))
    .executeTakeFirstOrThrow()
  return { seq: Math.max(seq, head.seq), hash: breakOf(vault, head) }
}

function readHead(trx: DbTransaction) {
  return trx
    .selectFrom('audit_mark')
    .select(['seq', 'hash', 'mac'])
    .where('kind', '=', 'head')
    .forUpdate()
    .executeTakeFirst()
}

/** The very first one; or somebody has taken it away, and the rows are still there. */
async function beginHead(trx: DbTransaction, vault: Vault) {
  const row = await trx.selectFrom('audit').select('seq').limit(1).executeTakeFirst()
  const { seq, hash } = ORIGIN
  const mac = row ? NOT_OURS : signMark(vault, 'head', ORIGIN)
  await trx
    .insertInto('audit_mark')
    .values({ kind: 'head', seq, hash, mac, at: sql<Date>`now()` })
    .onConflict((oc) => oc.column('kind').doNothing())
    .execute()
  const head = await readHead(trx)
  if (!head) throw new Error('the head of the audit was taken away')
  return head
}

function toLink(vault: Vault, seq: number, { subject, ...entry }: AuditEntry): AuditLink {
  return { ...entry, seq, subjectKind: subject?.kind ?? null, subject: nameSubject(vault, subject) }
}

/** As it stands in the audit. */
export function nameSubject(vault: Vault, subject: AuditSubject | null): string | null {
  if (!subject) return null
  return 'phone' in subject ? vault.hash(subject.phone).toString('hex') : subject.id
}

function toRow(link: AuditLink, hash: Buffer) {
  return {
    seq: link.seq,
    at: link.at,
    client_id: link.clientId,
    key_id: link.keyId,
    action: link.action,
    subject_kind: link.subjectKind,
    subject: link.subject,
    request_id: link.requestId,
    outcome: link.outcome,
    hash,
  }
}
