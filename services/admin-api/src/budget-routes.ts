import { type Request, type Response, Router } from 'express'
import { z } from 'zod'
import {
  type BudgetResponse,
  type BudgetsResponse,
  SetBudgetRequest,
} from '@sms-gateway/contracts/budgets'
import { type BudgetUse, deleteBudget, listBudgetUse, setBudget } from '@sms-gateway/db/budgets'
import type { Db } from '@sms-gateway/db/connect'
import type { Budget } from '@sms-gateway/domain/budget'
import { dayOf } from '@sms-gateway/domain/local-days'
import { CURRENCY, readDecimal, toDecimal } from '@sms-gateway/domain/money'
import {
  type Authenticate,
  clientOf,
  ownerOf,
  requireScope,
} from '@sms-gateway/service-kit/api-auth'
import { type Audited, subjectFromPath } from '@sms-gateway/service-kit/audit-trail'
import { jsonBody } from '@sms-gateway/service-kit/json-body'
import { readPage } from '@sms-gateway/service-kit/page'
import { HttpProblem, parseRequest } from '@sms-gateway/service-kit/problem'

export interface BudgetDeps {
  db: Db
  authenticate: Authenticate
  audited: Audited
  /** `SMS_TIMEZONE`. */
  timeZone: string
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
        data: data.map(toResponse),
        next_cursor: last?.id ?? null,
      }
      res.json(answer)
    })
    .put(BUDGETS, may, audited('budget.set'), jsonBody(), async (req, res) => {
      const stored = await setBudget(
        db,
        toBudget(parseRequest(SetBudgetRequest, req.body), res),
        now(),
      )
      res.json(toResponse({ ...stored, used: null, alerts: [] }))
    })
    .delete(BUDGET, may, audited('budget.delete', subjectFromPath('budget')), async (req, res) => {
      if (!(await deleteBudget(db, idOf(req), ownerOf(clientOf(res))))) throw notFound()
      res.status(204).end()
    })
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

function toResponse(budget: BudgetUse): BudgetResponse {
  const { id, scope, clientId, key, period, unit, hard, amount, used, alerts, updatedAt } = budget
  const show = (value: number) => (unit === 'money' ? toDecimal(value) : value)
  return {
    ...{ id, scope, client_id: clientId, period, unit, hard },
    customer_id: scope === 'customer' ? key : null,
    message_type: scope === 'message_type' ? key : null,
    amount: show(amount),
    currency: unit === 'money' ? CURRENCY : null,
    used: used === null ? null : show(used),
    alerts: alerts.map(({ percent, at }) => ({ percent, at: at.toISOString() })),
    updated_at: updatedAt.toISOString(),
  }
}
