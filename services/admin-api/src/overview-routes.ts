import { Router } from 'express'
import {
  type Authenticate,
  clientOf,
  ownerOf,
  requireScope,
} from '@sms-gateway/service-kit/api-auth'
import { toOverview } from './overview-answers.ts'
import { type OverviewDeps, readFacts } from './overview-facts.ts'

export interface OverviewRouteDeps extends OverviewDeps {
  authenticate: Authenticate
  now: () => Date
}

const OVERVIEW = '/api/v1/sms/overview'

export function overviewRoutes(deps: OverviewRouteDeps): Router {
  const mayRead = requireScope(deps.authenticate, 'read')
  return Router().get(OVERVIEW, mayRead, async (_req, res) => {
    const owner = ownerOf(clientOf(res)) ?? null
    res.json(toOverview(await readFacts(deps, [owner], deps.now()), owner))
  })
}
