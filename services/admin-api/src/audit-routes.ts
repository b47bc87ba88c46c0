import { Router } from 'express'
import { AuditQuery, type AuditResponse } from '@sms-gateway/contracts/audit'
import { nameSubject } from '@sms-gateway/db/audit'
import type { AuditLink } from '@sms-gateway/db/audit-chain'
import type { Db } from '@sms-gateway/db/connect'
import { listAudit } from '@sms-gateway/db/list-audit'
import type { Vault } from '@sms-gateway/db/vault'
import { parsePhone } from '@sms-gateway/domain/phone'
import { type Authenticate, requireScope } from '@sms-gateway/service-kit/api-auth'
import { type Audited, tellSubject } from '@sms-gateway/service-kit/audited'
import { readPage } from '@sms-gateway/service-kit/page'
import { HttpProblem, parseRequest } from '@sms-gateway/service-kit/problem'

export interface AuditDeps {
  db: Db
  vault: Vault
  authenticate: Authenticate
  audited: Audited
}

const AUDIT = '/api/v1/sms/audit'

export function auditRoutes({ db, vault, authenticate, audited }: AuditDeps): Router {
  const mayRead = requireScope(authenticate, 'admin', 'privacy')
  return Router().get(AUDIT, mayRead, audited('audit.read'), async (req, res) => {
    const { limit, cursor } = readPage(req.query)
    const { subject: id, phone: number, ...query } = parseRequest(AuditQuery, req.query)
    const phone = number === undefined ? undefined : readPhone(number)
    if (phone !== undefined) tellSubject(res, { kind: 'recipient', phone })
    const subject = phone === undefined ? id : nameSubject(vault, { kind: 'recipient', phone })
    const links = await listAudit(
      db,
      {
        clientId: query.client_id,
        keyId: query.key_id,
        action: query.action,
        outcome: query.outcome,
        since: query.since,
        until: query.until,
        subject: subject ?? undefined,
      },
      { before: readCursor(cursor), limit: limit + 1 },
    )
    const page = links.slice(0, limit)
    const last = page.at(-1)
    const answer: AuditResponse = {
      data: page.map(toEntry),
      next_cursor: last && links.length > limit ? String(last.seq) : null,
    }
    res.json(answer)
  })
}

function toEntry(link: AuditLink): AuditResponse['data'][number] {
  const { subject: id, subjectKind: kind } = link
  return {
    seq: link.seq,
    at: link.at.toISOString(),
    client_id: link.clientId,
    key_id: link.keyId,
    action: link.action,
    subject: id === null || kind === null ? null : { kind, id },
    request_id: link.requestId,
    outcome: link.outcome,
  }
}

/** Of any country: it was spoken of before the country was switched off, say. */
function readPhone(number: string): string {
  const parsed = parsePhone(number, 'any')
  if (parsed.kind === 'ok') return parsed.phone
  throw new HttpProblem('phone-invalid', 'phone is not a number: give it in E.164.')
}

function readCursor(cursor: string | undefined): number | undefined {
  if (cursor === undefined) return undefined
  if (/^[1-9][0-9]{0,14}$/.test(cursor)) return Number(cursor)
  const errors = [{ path: 'cursor', message: 'use the next_cursor of a page' }]
  throw new HttpProblem('invalid-request', 'The request is not valid: see errors.', {
    extra: { errors },
  })
}
