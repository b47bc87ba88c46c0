import { type Request, type Response, Router } from 'express'
import { z } from 'zod'
import { type BudgetsResponse, SetBudgetRequest } from '@sms-gateway/contracts/budgets'
import { listBudgetUse, type StoredBudget } from '@sms-gateway/db/budgets'
import { deleteBudget, MOST_BUDGETS, setBudget } from '@sms-gateway/db/change-budgets'
import type { Db } from '@sms-gateway/db/connect'
import { countSoon } from '@sms-gateway/db/count-soon'
import type { Budget } from '@sms-gateway/domain/budget'
import { dayOf } from '@sms-gateway/domain/local-days'
import { readDecimal } from '@sms-gateway/domain/money'
import {
  type Authenticate,
  clientOf,
  ownerOf,
  requireScope,
} from '@sms-gateway/service-kit/api-auth'
import { type Audited, subjectFromPath } from '@sms-gateway/service-kit/audited'
import { jsonBody } from '@sms-gateway/service-kit/json-body'
import { readPage } from '@sms-gateway/service-kit/page'
import { HttpProblem, parseRequest } from '@sms-gateway/service-kit/problem'
import { showAmount, toBudgetResponse } from './budget-answers.ts'

export interface BudgetDeps {
  db: Db
  authenticate: Authenticate
  audited: Audited
  /** `SMS_TIMEZONE`. */
  timeZone: string
  /** Those of the environment. */
  budgets: readonly Budget[]
  now: () => Date
}

const BUDGETS = '/api/v1/sms/budgets'
const BUDGET = `${BUDGETS}/:id`

/** A client's own are its operators'; those of everybody are for keys with `admin`. */
export function budgetRoutes(deps: BudgetDeps): Router {
  const { db, authenticate, audited, timeZone, now } = deps
  const may = requireScope(authenticate, 'operate', 'admin')
  return Router()
    .get(BUDGETS, may, async (req, res) => {
      const { limit, cursor } = readPage(req.query)
      const after = parseRequest(z.uuid().optional(), cursor)
      const filter = {
        clientId: ownerOf(clientOf(res)),
        after,
        limit: limit + 1,
        day: dayOf(now(), timeZone),
      }
      const found = await listBudgetUse(db, filter)
      const data = found.slice(0, limit)
      const last = found.length > limit ? data.at(-1) : undefined
      const answer: BudgetsResponse = {
        data: data.map(toBudgetResponse),
        next_cursor: last?.id ?? null,
      }
      res.json(answer)
    })
    .put(BUDGETS, may, audited('budget.set'), jsonBody(), async (req, res) => {
      const stored = await change(
        deps,
        toBudget(parseRequest(SetBudgetRequest, req.body), res),
        res,
      )
      const { isCounting } = await countSoon(db, stored, { now: now(), timeZone })
      res.json(toBudgetResponse({ ...stored, used: null, alerts: [], isCounting }))
    })
    .delete(BUDGET, may, audited('budget.delete', subjectFromPath('budget')), async (req, res) => {
      const clientId = ownerOf(clientOf(res))
      const authority = { clientId, isAdmin: isAdmin(res), defaults: deps.budgets }
      const deleted = await deleteBudget(db, idOf(req), authority)
      if (deleted === 'not-found') throw notFound()
      if (deleted === 'protected') throw new HttpProblem('forbidden', NOT_YOURS_TO_REMOVE)
      res.status(204).end()
    })
}

const NOT_YOURS_TO_REMOVE =
  'A hard budget, and one that an admin has set, is removed with a key that has the scope admin.'

/** Without the scope `admin` whatever holds may be made stricter, and no more. */
async function change(deps: BudgetDeps, budget: Budget, res: Response): Promise<StoredBudget> {
  const { db, now, budgets: defaults } = deps
  const set = await setBudget(db, budget, { isAdmin: isAdmin(res), defaults, now: now() })
  switch (set.kind) {
    case 'set':
      return set.budget
    case 'loosens':
      throw new HttpProblem(
        'forbidden',
        `A budget of ${showAmount(budget.unit, set.amount)} holds now: a key without the scope admin may only lower it.`,
      )
    case 'too-many':
      throw new HttpProblem(
        'too-many-budgets',
        `A client has at most ${MOST_BUDGETS} budgets: one for each customer (*) may do.`,
      )
  }
}

function isAdmin(res: Response): boolean {
  return clientOf(res).scopes.includes('admin')
}

function idOf(req: Request): string {
  const id = z.uuid().safeParse(req.params['id'])
  if (!id.success) throw notFound()
  return id.data
}

function notFound(): HttpProblem {
  return new HttpProblem('budget-not-found', 'There is no such budget of yours.')
}

function toBudget(request: SetBudgetRequest, res: Response): Budget {
  const { scope, period, unit, hard, amount } = request
  return {
    ...{ scope, period, unit, hard, clientId: clientFor(request, res) },
    key: request.customer_id ?? request.message_type ?? '',
    amount: typeof amount === 'string' ? (readDecimal(amount) ?? 0) : amount,
  }
}

/** Of all there is one, whoever asks; a client that is not named is the key's own. */
function clientFor({ scope, client_id: wanted }: SetBudgetRequest, res: Response): string | null {
  const { clientId: own, scopes } = clientOf(res)
  const clientId = scope === 'all' ? null : wanted === undefined ? own : wanted
  if (clientId === own || scopes.includes('admin')) return clientId
  throw new HttpProblem(
    'forbidden',
    'Budgets of others, and of all clients, need a key with the scope admin.',
  )
}
