import type { AuditMark } from './audit-chain.ts'
import type { Db } from './connect.ts'

/** The end of the audit, to be noted where the database's own people cannot write. */
export async function findAuditHead(db: Db): Promise<AuditMark | undefined> {
  return db
    .selectFrom('audit_mark')
    .select(['seq', 'hash'])
    .where('kind', '=', 'head')
    .executeTakeFirst()
}

/** `12:9f86d0...`, as a person can note it. */
export function formatMark({ seq, hash }: AuditMark): string {
  return `${seq}:${hash.toString('hex')}`
}

export function readMark(text: string): AuditMark | undefined {
  const [, seq, hash] = /^([0-9]{1,15}):([0-9a-f]{64})$/.exec(text) ?? []
  if (seq === undefined || hash === undefined) return undefined
  return { seq: Number(seq), hash: Buffer.from(hash, 'hex') }
}
