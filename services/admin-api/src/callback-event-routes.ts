import { type Request, type Response, Router } from 'express'
import { z } from 'zod'
import {
  CallbackAttemptsQuery,
  CallbackEventsQuery,
  ReplayCallbacksRequest,
} from '@sms-gateway/contracts/callbacks'
import { listCallbackAttempts, listCallbackEvents } from '@sms-gateway/db/callback-events'
import { requireEveryScope, requireScope } from '@sms-gateway/service-kit/api-auth'
import { subjectFromPath } from '@sms-gateway/service-kit/audited'
import { jsonBody } from '@sms-gateway/service-kit/json-body'
import { readPage } from '@sms-gateway/service-kit/page'
import { HttpProblem, parseRequest } from '@sms-gateway/service-kit/problem'
import { replay } from './callback-actions.ts'
import { toAttemptResponse, toEventResponse } from './callback-answers.ts'
import { readEventsCursor, toEventsCursor } from './callback-cursors.ts'
import type { CallbackDeps } from './callback-routes.ts'
import { callbackNotFound, getCallback } from './find-callback.ts'

const CALLBACK = '/api/v1/sms/callbacks/:id'
const AttemptCursor = z.object({
  cursor: z
    .string()
    .regex(/^[0-9]{1,15}$/)
    .transform(Number)
    .optional(),
})

/** What was sent, and what is to be sent again. */
export function callbackEventRoutes(deps: CallbackDeps): Router {
  const mayRead = requireScope(deps.authenticate, 'read')
  const mayChange = requireEveryScope(deps.authenticate, 'read', 'send')
  const replayed = deps.audited('callback.replay', subjectFromPath('callback'))
  return Router()
    .post(`${CALLBACK}/replay`, mayChange, replayed, jsonBody(), (req, res) =>
      replayEvents(deps, req, res),
    )
    .get(`${CALLBACK}/attempts`, mayRead, (req, res) => listAttempts(deps, req, res))
    .get(`${CALLBACK}/events`, mayRead, (req, res) => listEvents(deps, req, res))
}

async function replayEvents(deps: CallbackDeps, req: Request, res: Response): Promise<void> {
  const { id, state } = await getCallback(deps, res, req.params['id'])
  const request = parseRequest(ReplayCallbacksRequest, req.body)
  if (state === 'disabled') {
    throw new HttpProblem('callback-disabled', 'The callback is disabled: enable it first.')
  }
  const result = await replay(deps, id, request)
  if (!result) throw callbackNotFound()
  res.status(202).json(result)
}

async function listAttempts(deps: CallbackDeps, req: Request, res: Response): Promise<void> {
  const { id: callbackId } = await getCallback(deps, res, req.params['id'])
  const { limit, cursor } = readPage(req.query)
  const { cursor: before } = parseRequest(AttemptCursor, { cursor })
  const { event_id: eventId } = parseRequest(CallbackAttemptsQuery, req.query)
  const attempts = await listCallbackAttempts(deps.db, {
    callbackId,
    ...(eventId !== undefined && { eventId }),
    before,
    limit: limit + 1,
  })
  const page = attempts.slice(0, limit)
  const last = attempts.length > limit ? page.at(-1) : undefined
  res.json({ data: page.map(toAttemptResponse), next_cursor: last ? String(last.id) : null })
}

async function listEvents(deps: CallbackDeps, req: Request, res: Response): Promise<void> {
  const { id: callbackId } = await getCallback(deps, res, req.params['id'])
  const { limit, cursor } = readPage(req.query)
  const { state } = parseRequest(CallbackEventsQuery, req.query)
  const events = await listCallbackEvents(deps.db, {
    callbackId,
    ...(state !== undefined && { states: [state] }),
    before: readEventsCursor(cursor),
    limit: limit + 1,
  })
  const page = events.slice(0, limit)
  const last = events.length > limit ? page.at(-1) : undefined
  res.json({ data: page.map(toEventResponse), next_cursor: last ? toEventsCursor(last) : null })
}
