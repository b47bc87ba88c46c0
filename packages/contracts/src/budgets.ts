import { z } from 'zod'
import { BUDGET_PERIODS, BUDGET_SCOPES, BUDGET_UNITS, EACH } from '@sms-gateway/domain/budget'
import { CURRENCY, readDecimal } from '@sms-gateway/domain/money'
import { CustomerId, MessageType } from './send-request.ts'

const Amount = z
  .string()
  .regex(/^\d{1,9}(\.\d{1,3})?$/)
  .refine((text) => readDecimal(text) !== undefined)

const UNIT = z.discriminatedUnion('unit', [
  z.strictObject({ unit: z.literal('messages'), amount: z.int().min(0).max(1_000_000_000) }),
  z.strictObject({ unit: z.literal('money'), amount: Amount.describe('New Taiwan dollars') }),
])

/** `PUT /budgets`: one of the same scope, period, unit and kind gets the new amount. */
export const SetBudgetRequest = z
  .object({
    scope: z.enum(BUDGET_SCOPES),
    client_id: z
      .uuid()
      .nullish()
      .describe(
        "null, of a key with `admin`: each client, or of a message type all together; else the key's own client",
      ),
    customer_id: z.union([z.literal(EACH), CustomerId]).optional(),
    message_type: z.union([z.literal(EACH), MessageType]).optional(),
    period: z.enum(BUDGET_PERIODS),
    hard: z
      .boolean()
      .default(true)
      .describe('false: alerts at 50, 80 and 100 percent, and no more'),
    unit: z.enum(BUDGET_UNITS),
    amount: z.union([z.int(), z.string()]).describe('a number of messages, or dollars as a string'),
  })
  .strict()
  .refine(({ scope, customer_id: id }) => (scope === 'customer') === (id !== undefined), {
    path: ['customer_id'],
    message: 'goes with the scope customer: an id, or * for each',
  })
  .refine(({ scope, message_type: type }) => (scope === 'message_type') === (type !== undefined), {
    path: ['message_type'],
    message: 'goes with the scope message_type: a type, or * for each',
  })
  .refine(({ unit, amount }) => UNIT.safeParse({ unit, amount }).success, {
    path: ['amount'],
    message: 'a number of messages, such as 1000, or dollars as a string, such as "500.00"',
  })
export type SetBudgetRequest = z.output<typeof SetBudgetRequest>

/** Which budget it is. */
export const BudgetIdentity = z.object({
  id: z.uuid(),
  scope: z.enum(BUDGET_SCOPES),
  client_id: z.uuid().nullable(),
  customer_id: z.string().nullable(),
  message_type: z.string().nullable(),
  period: z.enum(BUDGET_PERIODS),
  unit: z.enum(BUDGET_UNITS),
  hard: z.boolean(),
  currency: z.literal(CURRENCY).nullable(),
})
export type BudgetIdentity = z.infer<typeof BudgetIdentity>

export const BudgetResponse = z.object({
  ...BudgetIdentity.shape,
  amount: z.union([z.int(), z.string()]),
  used: z
    .union([z.int(), z.string()])
    .nullable()
    .describe('reserved and spent in this day or month; null where it is of each'),
  state: z
    .enum(['active', 'counting'])
    .describe(
      'counting: what was accepted before it was set is added up; a hard one lets nothing through',
    ),
  set_by_admin: z.boolean().describe('only a key with `admin` may raise or remove it'),
  alerts: z.array(z.object({ percent: z.int(), at: z.iso.datetime({ offset: true }) })),
  updated_at: z.iso.datetime({ offset: true }),
})
export type BudgetResponse = z.infer<typeof BudgetResponse>

export const BudgetsResponse = z.object({
  data: z.array(BudgetResponse),
  next_cursor: z.string().nullable(),
})
export type BudgetsResponse = z.infer<typeof BudgetsResponse>
