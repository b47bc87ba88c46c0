import type { Request, Response } from 'express'
import { Router } from 'express'
import { toMessageResponse } from '@sms-gateway/contracts/message-response'
import { ResolveRequest, RetryFailedRequest } from '@sms-gateway/contracts/retry'
import { moveUnknown, settleByHand } from '@sms-gateway/db/resolve-message'
import { spanOfDays } from '@sms-gateway/domain/local-days'
import type { Message } from '@sms-gateway/domain/message'
import { mayRetry, resolveByHand } from '@sms-gateway/domain/resolve-by-hand'
import type { ApiClient, Authenticate } from '@sms-gateway/service-kit/api-auth'
import { clientOf, ownerOf, requireScope } from '@sms-gateway/service-kit/api-auth'
import { type Audited, subjectFromPath } from '@sms-gateway/service-kit/audited'
import { jsonBody } from '@sms-gateway/service-kit/json-body'
import { HttpProblem, parseRequest } from '@sms-gateway/service-kit/problem'
import { requireSending } from './answers.ts'
import { findOwnMessage } from './find-own-message.ts'
import { notRetriable, replaceMessage } from './replace-message.ts'
import { type RetryDeps, retryFailed } from './retry-failed.ts'

export interface RetryRouteDeps extends RetryDeps {
  authenticate: Authenticate
  audited: Audited
  /** `SMS_ENABLED`. */
  sendingEnabled: boolean
  /** `SMS_TIMEZONE`. */
  timeZone: string
}

const MESSAGE = '/api/v1/sms/messages/:id'
const FAILED = '/api/v1/sms/failed'

export function retryRoutes(deps: RetryRouteDeps): Router {
  const maySend = requireScope(deps.authenticate, 'send')
  const mayOperate = requireScope(deps.authenticate, 'operate')
  const retries = deps.audited('message.retry', subjectFromPath('message'))
  const resolves = deps.audited('message.resolve', subjectFromPath('message'))
  const retriesMany = deps.audited('message.retry-failed')
  return Router()
    .post(`${MESSAGE}/retry`, maySend, retries, async (req, res) => {
      requireSending(deps.sendingEnabled)
      const message = await findOwnMessage(deps, clientOf(res), req.params['id'])
      if (!mayRetry(message.status)) throw notRetriable(message)
      if (wasSuspect(message)) requireOperator(clientOf(res))
      res.status(202).json(toMessageResponse(await replaceMessage(deps, clientOf(res), message)))
    })
    .post(`${MESSAGE}/resolve`, mayOperate, resolves, jsonBody(), async (req, res) => {
      const { action } = parseRequest(ResolveRequest, req.body)
      const message = await findOwnMessage(deps, clientOf(res), req.params['id'])
      const resolution = resolveByHand(message, action)
      if (resolution.kind === 'replace') {
        requireSending(deps.sendingEnabled)
        res.status(202).json(toMessageResponse(await replaceMessage(deps, clientOf(res), message)))
        return
      }
      if (!(await resolve(deps, message, resolution))) throw notResolvable(message)
      res.json(toMessageResponse(await findOwnMessage(deps, clientOf(res), message.id)))
    })
    .post(`${FAILED}/retry`, mayOperate, retriesMany, jsonBody(), (req, res) =>
      retryMany(deps, req, res),
    )
}

async function resolve(
  { db, now }: RetryRouteDeps,
  { id }: Message,
  resolution: Exclude<ReturnType<typeof resolveByHand>, { kind: 'replace' }>,
): Promise<boolean> {
  switch (resolution.kind) {
    case 'settle':
      return settleByHand(db, id, resolution.as, now())
    case 'move':
      return moveUnknown(db, id, resolution.to, now())
    case 'too-late':
      return false
  }
}

async function retryMany(deps: RetryRouteDeps, req: Request, res: Response): Promise<void> {
  requireSending(deps.sendingEnabled)
  const request = parseRequest(RetryFailedRequest, req.body ?? {})
  const { start_date: first, end_date: last } = request
  const startOf = (day: string) => spanOfDays(day, day, deps.timeZone)
  const filter = {
    from: first === undefined ? undefined : startOf(first).from,
    before: last === undefined ? undefined : startOf(last).before,
    clientId: ownerOf(clientOf(res)),
    errorCode: request.error_code,
    provider: request.provider,
  }
  const pace = {
    dryRun: request.dry_run,
    perMinute: request.per_minute,
    startAt: request.start_at,
  }
  const result = await retryFailed(deps, filter, pace)
  res.status(request.dry_run ? 200 : 202).json(result)
}

/** It was held as what toll fraud looks like, and nobody has let it go. */
function wasSuspect({ events }: Message): boolean {
  return events.some(({ status, detail }) => status === 'held' && detail === 'fraud-check')
}

function requireOperator({ scopes }: ApiClient): void {
  if (scopes.includes('operate') || scopes.includes('admin')) return
  const detail = 'It was held as fraud-check: sending it again takes the scope "operate".'
  throw new HttpProblem('forbidden', detail)
}

function notResolvable({ status }: Message): HttpProblem {
  return new HttpProblem(
    'message-not-resolvable',
    `The message is ${status}: only one in doubt, or unknown, can be resolved by hand.`,
  )
}
