import { Router } from 'express'
import { RouteQuestionRequest } from '@sms-gateway/contracts/route-question'
import type { Authenticate } from '@sms-gateway/service-kit/api-auth'
import { requireScope } from '@sms-gateway/service-kit/api-auth'
import { jsonBody } from '@sms-gateway/service-kit/json-body'
import { parseRequest } from '@sms-gateway/service-kit/problem'
import { type SimulateDeps, simulateRoute } from './simulate-route.ts'

export interface SimulationRouteDeps extends SimulateDeps {
  authenticate: Authenticate
  now: () => Date
}

const SIMULATE = '/api/v1/sms/routes/simulate'

export function simulationRoutes(deps: SimulationRouteDeps): Router {
  const mayOperate = requireScope(deps.authenticate, 'operate')
  return Router().post(SIMULATE, mayOperate, jsonBody(), async (req, res) => {
    const question = parseRequest(RouteQuestionRequest, req.body)
    res.json(await simulateRoute(deps, question, deps.now()))
  })
}
