import type { Vault } from './vault.ts'

/**
 * How the rows of the audit hold together: the hash of each is an HMAC over the hash before it and the row itself. It is
 * keyed, because whoever can write to the database could otherwise change a row and compute all that follow anew. The
 * key is derived from the lookup key, which the database never sees.
 */
export interface AuditLink {
  seq: number
  at: Date
  clientId: string | null
  keyId: string | null
  action: string
  subjectKind: string | null
  subject: string | null
  requestId: string | null
  outcome: string
}

/** A place in the chain: its last row, or the last one that was dropped from its beginning. */
export interface AuditMark {
  seq: number
  hash: Buffer
}

const LINKS = 'audit chain 1'
const BREAKS = 'audit break 1'
const MARKS = 'audit mark 1'

/** Before the first row. */
export const ORIGIN: AuditMark = { seq: 0, hash: Buffer.alloc(32) }

/** Of the row, after the one whose hash is `before`. */
export function hashLink(vault: Vault, before: Buffer, link: AuditLink): Buffer {
  // A JSON array of texts and nulls has one form: no two rows are encoded alike.
  const { seq, at, clientId, keyId, action, subjectKind, subject, requestId, outcome } = link
  const who = [clientId, keyId]
  const what = [action, subjectKind, subject, requestId, outcome]
  const row = JSON.stringify([before.toString('hex'), seq, at.toISOString(), ...who, ...what])
  return vault.mac(LINKS, row)
}

/** In the place of a hash to follow, where the end of the chain is not ours. */
export function breakOf(vault: Vault, { seq }: AuditMark): Buffer {
  return vault.mac(BREAKS, String(seq))
}

/** Without it, whoever deletes the newest rows could say that the chain ends earlier. */
export function signMark(vault: Vault, kind: 'head' | 'start', { seq, hash }: AuditMark): Buffer {
  return vault.mac(MARKS, JSON.stringify([kind, seq, hash.toString('hex')]))
}
