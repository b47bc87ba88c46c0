import type { Request, Response } from 'express'
import { Router } from 'express'
import type { AcceptDeps } from '@sms-gateway/acceptance/accept-message'
import { acceptMessage } from '@sms-gateway/acceptance/accept-message'
import { toMessageResponse } from '@sms-gateway/contracts/message-response'
import { openApiDocument } from '@sms-gateway/contracts/openapi'
import { SendRequest } from '@sms-gateway/contracts/send-request'
import { cancelMessage } from '@sms-gateway/db/cancel-message'
import type { Message } from '@sms-gateway/domain/message'
import type { ApiClient, Authenticate } from '@sms-gateway/service-kit/api-auth'
import { clientOf, requireScope } from '@sms-gateway/service-kit/api-auth'
import { type Audited, subjectFromPath } from '@sms-gateway/service-kit/audited'
import { jsonBody } from '@sms-gateway/service-kit/json-body'
import { HttpProblem, parseRequest } from '@sms-gateway/service-kit/problem'
import { idempotencyKeyOf, requireSending, sendAccepted } from './answers.ts'
import { findOwnMessage } from './find-own-message.ts'

export interface IngestDeps extends AcceptDeps {
  authenticate: Authenticate
  audited: Audited
  /** `SMS_ENABLED`. */
  sendingEnabled: boolean
}

const API_ROOT = '/api/v1'
const SMS = `${API_ROOT}/sms`

export function ingestRoutes(deps: IngestDeps): Router {
  const maySend = requireScope(deps.authenticate, 'send')
  const mayRead = requireScope(deps.authenticate, 'read')
  const reads = deps.audited('message.read', subjectFromPath('message'))
  const cancels = deps.audited('message.cancel', subjectFromPath('message'))
  const document = JSON.stringify(openApiDocument())

  return Router()
    .post(`${SMS}/send`, maySend, jsonBody(), (req, res) => send(deps, req, res))
    .get(`${SMS}/messages/:id`, mayRead, reads, async (req, res) => {
      res.json(toMessageResponse(await findOwnMessage(deps, clientOf(res), req.params['id'])))
    })
    .post(`${SMS}/messages/:id/cancel`, maySend, cancels, async (req, res) => {
      res.json(toMessageResponse(await cancel(deps, clientOf(res), req.params['id'])))
    })
    .get(`${API_ROOT}/openapi.json`, (_req, res) => {
      res.type('application/json').send(document)
    })
}

async function send(deps: IngestDeps, req: Request, res: Response): Promise<void> {
  requireSending(deps.sendingEnabled)
  const result = await acceptMessage(deps, {
    clientId: clientOf(res).clientId,
    path: `${SMS}/send`,
    request: parseRequest(SendRequest, req.body),
    body: req.body,
    idempotencyKey: idempotencyKeyOf(req),
  })
  sendAccepted(res, result)
}

async function cancel(deps: IngestDeps, client: ApiClient, id: unknown): Promise<Message> {
  const { id: messageId } = await findOwnMessage(deps, client, id)
  const cancelled = await cancelMessage(deps.db, messageId, deps.now())
  const message = await findOwnMessage(deps, client, messageId)
  if (!cancelled && message.status !== 'cancelled') {
    throw new HttpProblem(
      'message-not-cancellable',
      `The message is ${message.status}: only one that has not been submitted can be cancelled.`,
    )
  }
  return message
}
