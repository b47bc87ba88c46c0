import { type Request, type Response, Router } from 'express'
import { LogCursor, LogFilters, LogFormat, toLogEntry } from '@sms-gateway/contracts/logs'
import type { Db } from '@sms-gateway/db/connect'
import { listMessages, type MessageFilter } from '@sms-gateway/db/list-messages'
import { listOpenDoubts } from '@sms-gateway/db/open-doubts'
import type { Vault } from '@sms-gateway/db/vault'
import { spanOfDays, type TimeSpan } from '@sms-gateway/domain/local-days'
import {
  type ApiClient,
  type Authenticate,
  clientOf,
  ownerOf,
  requireScope,
} from '@sms-gateway/service-kit/api-auth'
import { type AuditTrail, recordAudit } from '@sms-gateway/service-kit/audit-trail'
import { type Audited, tellSubject } from '@sms-gateway/service-kit/audited'
import { readPage } from '@sms-gateway/service-kit/page'
import { parseRequest } from '@sms-gateway/service-kit/problem'
import { exportLogs } from './export-logs.ts'

export interface LogDeps {
  db: Db
  vault: Vault
  authenticate: Authenticate
  audited: Audited
  auditTrail: AuditTrail
  /** `SMS_TIMEZONE`: whose days the dates are. */
  timeZone: string
}

const LOGS = '/api/v1/sms/logs'

export function logRoutes(deps: LogDeps): Router {
  const mayRead = requireScope(deps.authenticate, 'read')
  const lists = deps.audited('message.list')
  return Router().get(
    LOGS,
    mayRead,
    // What leaves in pieces is recorded before its first.
    (req, res, next) => (wantsCsv(req) ? next() : lists(req, res, next)),
    (req, res) => answer(deps, req, res),
  )
}

async function answer(
  { db, vault, auditTrail, timeZone }: LogDeps,
  req: Request,
  res: Response,
): Promise<void> {
  const { limit: _limit, cursor: _cursor, format, ...filters } = req.query
  parseRequest(LogFormat.optional(), format)
  const filter = toFilter(parseRequest(LogFilters, filters), clientOf(res), timeZone)
  const { limit, cursor } = readPage(req.query)
  const before = parseRequest(LogCursor.optional(), cursor)
  const subject = filter.phone ? { kind: 'recipient' as const, phone: filter.phone } : null
  if (wantsCsv(req)) {
    await recordAudit(auditTrail, res, { action: 'message.export', subject })
    await exportLogs({ db, vault }, filter, res)
    return
  }
  if (subject) tellSubject(res, subject)
  const messages = await listMessages(db, vault, filter, { limit: limit + 1, before })
  const page = messages.slice(0, limit)
  const doubts = await listOpenDoubts(
    db,
    page.filter(({ inDoubt }) => inDoubt).map(({ id }) => id),
  )
  const data = page.map((message) => toLogEntry(message, doubts.get(message.id)))
  res.json({ data, next_cursor: messages.length > limit ? (data.at(-1)?.id ?? null) : null })
}

function wantsCsv(req: Request): boolean {
  const { format } = req.query
  if (format === undefined) return req.accepts(['application/json', 'text/csv']) === 'text/csv'
  return format === 'csv'
}

function toFilter(filters: LogFilters, client: ApiClient, timeZone: string): MessageFilter {
  return {
    clientId: ownerOf(client),
    span: toSpan(filters, timeZone),
    status: filters.status,
    holdReason: filters.hold_reason,
    provider: filters.provider,
    phone: filters.phone,
    messageType: filters.message_type,
    templateCode: filters.template_code,
    customerId: filters.customer_id,
    campaignId: filters.campaign_id,
    batchId: filters.batch_id,
    inDoubt: filters.in_doubt,
  }
}

function toSpan(
  { start_date: start, end_date: end }: LogFilters,
  timeZone: string,
): Partial<TimeSpan> {
  return {
    ...(start !== undefined && { from: spanOfDays(start, start, timeZone).from }),
    ...(end !== undefined && { before: spanOfDays(end, end, timeZone).before }),
  }
}
