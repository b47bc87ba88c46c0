import { type Request, type Response, Router } from 'express'
import { z } from 'zod'
import {
  type CustomerResponse,
  CustomerSetting,
  ProviderAction,
  ProviderActionRequest,
} from '@sms-gateway/contracts/providers'
import {
  findCustomerSettings,
  type SenderSettings,
  setCustomerSettings,
} from '@sms-gateway/db/customer-settings'
import { ProviderName } from '@sms-gateway/domain/provider'
import { isTimeZone } from '@sms-gateway/domain/quiet-hours'
import { type Authenticate, clientOf, requireScope } from '@sms-gateway/service-kit/api-auth'
import type { Audited } from '@sms-gateway/service-kit/audited'
import { jsonBody } from '@sms-gateway/service-kit/json-body'
import { HttpProblem, parseRequest } from '@sms-gateway/service-kit/problem'
import { type ListDeps, listProviders } from './list-providers.ts'
import { actOnProvider } from './provider-actions.ts'

export interface AdminDeps extends ListDeps {
  authenticate: Authenticate
  audited: Audited
  now: () => Date
}

const SMS = '/api/v1/sms'
/** As a message may bear it. */
const CustomerPath = z.object({
  id: z
    .string()
    .max(100)
    .refine((id) => !id.includes('\0'), { error: 'use no NUL' }),
})

export function adminRoutes(deps: AdminDeps): Router {
  const mayOperate = requireScope(deps.authenticate, 'operate')
  const changesProvider = deps.audited('provider.change', (req) => {
    const { success, data: id } = ProviderName.safeParse(req.params['name'])
    return success ? { kind: 'provider', id } : null
  })
  const changesCustomer = deps.audited('customer.change', (req) => {
    const { success, data } = CustomerPath.safeParse(req.params)
    return success ? { kind: 'customer', id: data.id } : null
  })
  return Router()
    .get(`${SMS}/providers`, mayOperate, async (_req, res) => {
      res.json(await listProviders(deps, deps.now()))
    })
    .post(`${SMS}/providers/:name/:action`, mayOperate, changesProvider, jsonBody(), (req, res) =>
      act(deps, req, res),
    )
    .get(`${SMS}/customers/:id`, mayOperate, async (req, res) => {
      const customer = customerOf(req, res)
      res.json(toCustomer(customer, await findCustomerSettings(deps.db, customer)))
    })
    .put(`${SMS}/customers/:id`, mayOperate, changesCustomer, jsonBody(), async (req, res) => {
      const customer = customerOf(req, res)
      const { time_zone: timeZone, sender_name: senderName } = parseRequest(
        CustomerSetting,
        req.body,
      )
      if (timeZone && !isTimeZone(timeZone)) {
        throw new HttpProblem(
          'time-zone-unknown',
          'time_zone is not an IANA zone: use one such as Asia/Taipei.',
        )
      }
      const settings = await setCustomerSettings(deps.db, customer, { timeZone, senderName })
      res.json(toCustomer(customer, settings))
    })
}

async function act({ db, now, ...deps }: AdminDeps, req: Request, res: Response): Promise<void> {
  const provider = ProviderName.safeParse(req.params['name'])
  const action = ProviderAction.safeParse(req.params['action'])
  if (!provider.success || !action.success) {
    throw new HttpProblem('provider-not-found', 'There is no such provider, or no such action.')
  }
  const reason = parseRequest(ProviderActionRequest, req.body)?.reason
  const { keyId: actor } = clientOf(res)
  await actOnProvider(db, {
    provider: provider.data,
    action: action.data,
    reason,
    actor,
    now: now(),
  })
  const { data } = await listProviders({ db, ...deps }, now())
  res.json(data.find(({ name }) => name === provider.data))
}

function customerOf(req: Request, res: Response): { clientId: string; customerId: string } {
  const { id: customerId } = parseRequest(CustomerPath, req.params)
  return { clientId: clientOf(res).clientId, customerId }
}

function toCustomer(
  { customerId }: { customerId: string },
  { timeZone, senderName }: SenderSettings,
): CustomerResponse {
  return { customer_id: customerId, time_zone: timeZone, sender_name: senderName }
}
