import type { Request, Response } from 'express'
import { Router } from 'express'
import { acceptMessage } from '@sms-gateway/acceptance/accept-message'
import { phoneInPath } from '@sms-gateway/access/phone-in-path'
import { ReplyRequest } from '@sms-gateway/contracts/conversations'
import { SendRequest } from '@sms-gateway/contracts/send-request'
import { type Inbound, listInbound } from '@sms-gateway/db/list-inbound'
import type { Phone } from '@sms-gateway/domain/phone'
import { clientOf, ownerOf, requireScope } from '@sms-gateway/service-kit/api-auth'
import { tellSubject } from '@sms-gateway/service-kit/audited'
import { jsonBody } from '@sms-gateway/service-kit/json-body'
import { HttpProblem, parseRequest } from '@sms-gateway/service-kit/problem'
import { idempotencyKeyOf, requireSending, sendAccepted } from './answers.ts'
import type { IngestDeps } from './routes.ts'

const REPLY = '/api/v1/sms/conversations/:phone/reply'

export function replyRoutes(deps: IngestDeps): Router {
  const maySend = requireScope(deps.authenticate, 'send')
  return Router().post(REPLY, maySend, deps.audited('conversation.reply'), jsonBody(), (req, res) =>
    reply(deps, req, res),
  )
}

/** A send like any other, so that every gate holds; it names the text that it answers, and goes for the same customer. */
async function reply(deps: IngestDeps, req: Request, res: Response): Promise<void> {
  requireSending(deps.sendingEnabled)
  const phone = phoneInPath(req)
  tellSubject(res, { kind: 'recipient', phone })
  const given: unknown = req.body
  const { in_reply_to: inboundId, ...rest } = parseRequest(ReplyRequest, given)
  const inbound = await findInboundTo(deps, res, { phone, inboundId })
  const customer = inbound.customerId === null ? {} : { customer_id: inbound.customerId }
  const result = await acceptMessage(deps, {
    clientId: clientOf(res).clientId,
    // Not the path as it was called: a number stands in that.
    path: REPLY,
    request: parseRequest(SendRequest, { ...toBody(rest), phone, ...customer }),
    body: { phone, given },
    idempotencyKey: idempotencyKeyOf(req),
    inReplyTo: inbound.id,
  })
  sendAccepted(res, result)
}

/** The times as they came: `SendRequest` reads them again. */
function toBody({
  schedule_at: scheduleAt,
  expires_at: expiresAt,
  ...rest
}: Omit<ReplyRequest, 'in_reply_to'>) {
  return {
    ...rest,
    ...(scheduleAt && { schedule_at: scheduleAt.toISOString() }),
    ...(expiresAt && { expires_at: expiresAt.toISOString() }),
  }
}

async function findInboundTo(
  { db, vault }: IngestDeps,
  res: Response,
  { phone, inboundId: id }: { phone: Phone; inboundId: string | undefined },
): Promise<Inbound> {
  const filter = { phone, id, clientId: ownerOf(clientOf(res)) }
  const [inbound] = await listInbound(db, vault, filter, { order: 'desc', limit: 1 })
  if (!inbound) {
    throw new HttpProblem(
      'inbound-not-found',
      'This number has written nothing to you that could be answered: use POST /send.',
    )
  }
  return inbound
}
