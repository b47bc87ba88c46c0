import type { Selectable } from 'kysely'
import type { AuditLink } from './audit-chain.ts'
import type { Db } from './connect.ts'
import type { AuditTable } from './schema/audit.ts'

export interface AuditFilter {
  clientId?: string | undefined
  keyId?: string | undefined
  action?: string | undefined
  /** As it stands in the audit: see `nameSubject`. */
  subject?: string | undefined
  outcome?: string | undefined
  /** Included. */
  since?: Date | undefined
  /** Not included. */
  until?: Date | undefined
}

/** Newest first. `before` is the last number of the page before. */
export async function listAudit(
  db: Db,
  filter: AuditFilter,
  { before, limit }: { before: number | undefined; limit: number },
): Promise<AuditLink[]> {
  const { clientId, keyId, action, subject, outcome, since, until } = filter
  let query = db.selectFrom('audit').selectAll().orderBy('seq', 'desc').limit(limit)
  if (before !== undefined) query = query.where('seq', '<', before)
  if (clientId !== undefined) query = query.where('client_id', '=', clientId)
  if (keyId !== undefined) query = query.where('key_id', '=', keyId)
  if (action !== undefined) query = query.where('action', '=', action)
  if (subject !== undefined) query = query.where('subject', '=', subject)
  if (outcome !== undefined) query = query.where('outcome', '=', outcome)
  if (since !== undefined) query = query.where('at', '>=', since)
  if (until !== undefined) query = query.where('at', '<', until)
  return (await query.execute()).map(readLink)
}

export function readLink(row: Selectable<AuditTable>): AuditLink {
  return {
    seq: row.seq,
    at: row.at,
    clientId: row.client_id,
    keyId: row.key_id,
    action: row.action,
    subjectKind: row.subject_kind,
    subject: row.subject,
    requestId: row.request_id,
    outcome: row.outcome,
  }
}
