import { type RequestHandler, type Response, Router } from 'express'
import {
  type GatewayResponse,
  PauseGatewayRequest,
  ResumeGatewayRequest,
} from '@sms-gateway/contracts/gateway'
import type { Db } from '@sms-gateway/db/connect'
import { findGatewayState, pauseGateway, resumeGateway } from '@sms-gateway/db/gateway-state'
import {
  type Authenticate,
  clientOf,
  ownerOf,
  requireScope,
} from '@sms-gateway/service-kit/api-auth'
import type { Audited } from '@sms-gateway/service-kit/audited'
import { jsonBody } from '@sms-gateway/service-kit/json-body'
import { HttpProblem, parseRequest } from '@sms-gateway/service-kit/problem'

export interface GatewayRouteDeps {
  db: Db
  authenticate: Authenticate
  audited: Audited
  now: () => Date
}

const GATEWAY = '/api/v1/sms/gateway'

/** The lever for a bad night: nothing leaves, all is accepted and waits. */
export function gatewayRoutes({ db, authenticate, audited, now }: GatewayRouteDeps): Router {
  const mayOperate = requireScope(authenticate, 'operate')
  const answer = async (res: Response) => {
    res.json(toResponse(await findGatewayState(db)))
  }
  return Router()
    .get(GATEWAY, mayOperate, (_req, res) => answer(res))
    .post(
      `${GATEWAY}/pause`,
      mayOperate,
      audited('gateway.pause'),
      forEverybody,
      jsonBody(),
      async (req, res) => {
        const { reason } = parseRequest(PauseGatewayRequest, req.body)
        await pauseGateway(db, { reason, actor: clientOf(res).keyId, now: now() })
        await answer(res)
      },
    )
    .post(
      `${GATEWAY}/resume`,
      mayOperate,
      audited('gateway.resume'),
      forEverybody,
      jsonBody(),
      async (req, res) => {
        const { held } = parseRequest(ResumeGatewayRequest, req.body ?? {})
        await resumeGateway(db, { held, actor: clientOf(res).keyId, now: now() })
        await answer(res)
      },
    )
}

/** A key that is one client's must not stop, or let go, what is everybody's. */
const forEverybody: RequestHandler = (_req, res, next) => {
  if (ownerOf(clientOf(res)) === undefined) {
    next()
    return
  }
  throw new HttpProblem(
    'forbidden',
    'The gateway is paused and resumed for everybody: it takes a key with the scope "admin" beside "operate", or a person who signed in by OIDC.',
  )
}

function toResponse(state: Awaited<ReturnType<typeof findGatewayState>>): GatewayResponse {
  return {
    state: state.state,
    reason: state.reason,
    since: state.changedAt?.toISOString() ?? null,
    actor: state.actor,
    paused_at: state.pausedAt?.toISOString() ?? null,
    resumed_at: state.resumedAt?.toISOString() ?? null,
    restored_to: state.restoredTo?.toISOString() ?? null,
  }
}
