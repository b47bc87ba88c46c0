import { type Request, type Response, Router } from 'express'
import { phoneInPath } from '@sms-gateway/access/phone-in-path'
import {
  type ConversationResponse,
  InboundFilters,
  InboundId,
  type InboundListResponse,
} from '@sms-gateway/contracts/conversations'
import type { Db } from '@sms-gateway/db/connect'
import { listConversation } from '@sms-gateway/db/list-conversation'
import { listInbound } from '@sms-gateway/db/list-inbound'
import { findPermissions } from '@sms-gateway/db/permissions'
import type { Vault } from '@sms-gateway/db/vault'
import { spanOfDays } from '@sms-gateway/domain/local-days'
import type { Phone } from '@sms-gateway/domain/phone'
import {
  type Authenticate,
  clientOf,
  ownerOf,
  requireScope,
} from '@sms-gateway/service-kit/api-auth'
import { type Audited, tellSubject } from '@sms-gateway/service-kit/audited'
import { readPage } from '@sms-gateway/service-kit/page'
import { parseRequest } from '@sms-gateway/service-kit/problem'
import { toInboundResponse, toTurnResponse } from './inbound-answers.ts'

export interface InboundRouteDeps {
  db: Db
  vault: Vault
  authenticate: Authenticate
  audited: Audited
  /** `SMS_TIMEZONE`: whose days the dates are. */
  timeZone: string
}

const SMS = '/api/v1/sms'

export function inboundRoutes(deps: InboundRouteDeps): Router {
  const mayRead = requireScope(deps.authenticate, 'read')
  return Router()
    .get(`${SMS}/inbound`, mayRead, deps.audited('inbound.list'), (req, res) =>
      list(deps, req, res),
    )
    .get(`${SMS}/conversations/:phone`, mayRead, deps.audited('conversation.read'), (req, res) =>
      readConversation(deps, req, res),
    )
}

async function list(
  { db, vault, timeZone }: InboundRouteDeps,
  req: Request,
  res: Response,
): Promise<void> {
  const { limit: _limit, cursor: _cursor, ...filters } = req.query
  const { limit, cursor } = readPage(req.query)
  const given = parseRequest(InboundFilters, filters)
  const { start_date: start, end_date: end, phone, customer_id: customerId, ...rest } = given
  if (phone) tellSubject(res, { kind: 'recipient', phone })
  const span = {
    ...(start !== undefined && { from: spanOfDays(start, start, timeZone).from }),
    ...(end !== undefined && { before: spanOfDays(end, end, timeZone).before }),
  }
  const found = await listInbound(
    db,
    vault,
    { ...rest, phone, customerId, span, clientId: ownerOf(clientOf(res)) },
    { order: 'desc', after: parseRequest(InboundId.optional(), cursor), limit: limit + 1 },
  )
  const data = found.slice(0, limit).map(toInboundResponse)
  const answer: InboundListResponse = {
    data,
    next_cursor: found.length > limit ? (data.at(-1)?.id ?? null) : null,
  }
  res.json(answer)
}

async function readConversation(
  deps: InboundRouteDeps,
  req: Request,
  res: Response,
): Promise<void> {
  const { db, vault } = deps
  const phone = phoneInPath(req)
  tellSubject(res, { kind: 'recipient', phone })
  const { limit, cursor } = readPage(req.query)
  const after = parseRequest(InboundId.optional(), cursor)
  const clientId = ownerOf(clientOf(res))
  const turns = await listConversation(db, vault, { phone, clientId }, { after, limit: limit + 1 })
  const spoke =
    turns.length > 0 || (after !== undefined && (await hasSpoken(deps, phone, clientId)))
  const data = turns.slice(0, limit).map(toTurnResponse)
  const answer: ConversationResponse = {
    phone,
    // Who has nothing to do with a person does not learn from here what they said to others.
    opted_out: clientId === undefined || spoke ? await isOptedOut(deps, phone) : null,
    data,
    next_cursor: turns.length > limit ? (data.at(-1)?.id ?? null) : null,
  }
  res.json(answer)
}

async function hasSpoken(
  { db, vault }: InboundRouteDeps,
  phone: Phone,
  clientId: string | undefined,
): Promise<boolean> {
  const page = { after: undefined, limit: 1 }
  return (await listConversation(db, vault, { phone, clientId }, page)).length > 0
}

async function isOptedOut({ db, vault }: InboundRouteDeps, phone: Phone): Promise<boolean> {
  const [permissions] = await findPermissions(db, vault, { phones: [phone], channel: 'sms' })
  return permissions?.optOuts.includes('all') ?? false
}
