import { type Request, type RequestHandler, type Response, Router } from 'express'
import { z } from 'zod'
import { CreateCallbackRequest } from '@sms-gateway/contracts/callbacks'
import { listCallbacks } from '@sms-gateway/db/callbacks'
import { deleteCallback, enableCallback } from '@sms-gateway/db/change-callbacks'
import {
  type Authenticate,
  clientOf,
  ownerOf,
  requireEveryScope,
  requireScope,
} from '@sms-gateway/service-kit/api-auth'
import { type Audited, subjectFromPath, tellSubject } from '@sms-gateway/service-kit/audited'
import { jsonBody } from '@sms-gateway/service-kit/json-body'
import { readPage } from '@sms-gateway/service-kit/page'
import { HttpProblem, parseRequest } from '@sms-gateway/service-kit/problem'
import {
  type CallbackActionDeps,
  createCallback,
  type CreateResult,
  rotateSecret,
} from './callback-actions.ts'
import { toCallbackResponse } from './callback-answers.ts'
import { callbackNotFound, getCallback } from './find-callback.ts'

export interface CallbackDeps extends CallbackActionDeps {
  authenticate: Authenticate
  audited: Audited
  /** Answers a repeat of a POST under the same `Idempotency-Key` as the first. */
  idempotent: RequestHandler
}

const CALLBACKS = '/api/v1/sms/callbacks'
const CALLBACK = `${CALLBACKS}/:id`
const CallbackCursor = z.object({ cursor: z.uuid().optional() })

export function callbackRoutes(deps: CallbackDeps): Router {
  const { db, audited, now } = deps
  const mayRead = requireScope(deps.authenticate, 'read')
  // A callback tells what `read` tells: who may only send must not open such a way out.
  const mayChange = requireEveryScope(deps.authenticate, 'read', 'send')
  const subject = subjectFromPath('callback')

  return Router()
    .get(CALLBACKS, mayRead, (req, res) => list(deps, req, res))
    .post(
      CALLBACKS,
      mayChange,
      audited('callback.create'),
      jsonBody(),
      deps.idempotent,
      (req, res) => create(deps, req, res),
    )
    .get(CALLBACK, mayRead, async (req, res) => {
      res.json(toCallbackResponse(await getCallback(deps, res, req.params['id'])))
    })
    .delete(CALLBACK, mayChange, audited('callback.delete', subject), async (req, res) => {
      const { id } = await getCallback(deps, res, req.params['id'])
      if (!(await deleteCallback(db, id, now()))) throw callbackNotFound()
      res.status(204).end()
    })
    .post(
      `${CALLBACK}/rotate`,
      mayChange,
      audited('callback.rotate', subject),
      async (req, res) => {
        const { id } = await getCallback(deps, res, req.params['id'])
        const secret = await rotateSecret(deps, id)
        if (secret === undefined) throw callbackNotFound()
        res.json({ ...toCallbackResponse(await getCallback(deps, res, id)), secret })
      },
    )
    .post(
      `${CALLBACK}/enable`,
      mayChange,
      audited('callback.enable', subject),
      async (req, res) => {
        const { id } = await getCallback(deps, res, req.params['id'])
        await enableCallback(db, id, now())
        res.json(toCallbackResponse(await getCallback(deps, res, id)))
      },
    )
}

async function list({ db, vault }: CallbackDeps, req: Request, res: Response): Promise<void> {
  const { limit, cursor } = readPage(req.query)
  const { cursor: after } = parseRequest(CallbackCursor, { cursor })
  const page = { clientId: ownerOf(clientOf(res)), after, limit: limit + 1 }
  const callbacks = await listCallbacks(db, vault, page)
  const data = callbacks.slice(0, limit).map(toCallbackResponse)
  res.json({ data, next_cursor: callbacks.length > limit ? (data.at(-1)?.id ?? null) : null })
}

async function create(deps: CallbackDeps, req: Request, res: Response): Promise<void> {
  const request = parseRequest(CreateCallbackRequest, req.body)
  const { id, secret } = unwrap(await createCallback(deps, clientOf(res).clientId, request))
  tellSubject(res, { kind: 'callback', id })
  const callback = await getCallback(deps, res, id)
  res.status(201).json({ ...toCallbackResponse(callback), secret })
}

function unwrap(result: CreateResult): { id: string; secret: string } {
  switch (result.kind) {
    case 'created':
      return result
    case 'refused':
      throw new HttpProblem(
        'callback-url-not-allowed',
        `The callback cannot be sent there: ${result.reason}.`,
      )
    case 'too-many':
      throw new HttpProblem(
        'too-many-callbacks',
        `A client has at most ${result.limit} callbacks: delete one first.`,
      )
  }
}
