import { Router } from 'express'
import {
  type Authenticate,
  clientOf,
  ownerOf,
  requireScope,
} from '@sms-gateway/service-kit/api-auth'
import { seesOperating } from './operators-words.ts'
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
    const client = clientOf(res)
    const owner = ownerOf(client) ?? null
    const facts = await readFacts(deps, [owner], deps.now())
    res.json(toOverview(facts, { owner, operates: seesOperating(client) }))
  })
}
