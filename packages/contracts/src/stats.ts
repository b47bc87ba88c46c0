import { z } from 'zod'
import { delayQuantile, type DelaySketch } from '@sms-gateway/domain/delay-sketch'
import { CURRENCY, toDecimal } from '@sms-gateway/domain/money'
import { areInOrder, DATES_IN_ORDER, Day } from './filters.ts'

const StatGroup = z.enum([
  'day',
  'hour',
  'provider',
  'message_type',
  'template',
  'variant',
  'campaign',
  'customer',
])
export const STAT_GROUPS = StatGroup.options

/** `GET /stats`. Without dates, the last thirty days. */
export const StatsQuery = z
  .strictObject({
    start_date: Day.optional(),
    end_date: Day.optional(),
    group_by: StatGroup.default('day'),
  })
  .refine(areInOrder, DATES_IN_ORDER)
export type StatsQuery = z.output<typeof StatsQuery>

const Figures = z.strictObject({
  /** Accepted in the time. */
  total: z.int(),
  /** Taken by a provider. */
  sent: z.int(),
  delivered: z.int(),
  /** `undelivered`, `failed` or `expired`. */
  failed: z.int(),
  /** Delivered of those that are delivered or failed; null while there are none. */
  success_rate: z.number().nullable(),
  /** Of those that a provider took, as is the cost. */
  segments: z.int(),
  cost: z.strictObject({ amount: z.string(), currency: z.string() }),
  /** From sent to delivered, within 2 %; null while nothing is delivered. */
  delivery_seconds: z.strictObject({ p50: z.number(), p95: z.number() }).nullable(),
})
type Figures = z.infer<typeof Figures>

export const StatsResponse = z.strictObject({
  start_date: z.string(),
  end_date: z.string(),
  totals: Figures,
  data: z.array(
    Figures.extend({
      /** `{"day": "2026-01-31"}`, `{"template_code": "welcome", "variant": "A"}`; null of messages that have none. */
      group: z.record(z.string(), z.string().nullable()),
    }),
  ),
  next_cursor: z.string().nullable(),
})
export type StatsResponse = z.infer<typeof StatsResponse>

/** Counted by whoever keeps the figures. */
export interface Counted {
  total: number
  sent: number
  delivered: number
  failed: number
  segments: number
  costMilli: number
  delays: DelaySketch
}

export function toFigures({ delays, ...counted }: Counted): Figures {
  const { total, sent, delivered, failed, segments, costMilli } = counted
  const ended = delivered + failed
  return {
    total,
    sent,
    delivered,
    failed,
    success_rate: ended > 0 ? Math.round((delivered / ended) * 10_000) / 10_000 : null,
    segments,
    cost: { amount: toDecimal(costMilli), currency: CURRENCY },
    delivery_seconds: toSeconds(delayQuantile(delays, 0.5), delayQuantile(delays, 0.95)),
  }
}

function toSeconds(p50: number | null, p95: number | null): Figures['delivery_seconds'] {
  if (p50 === null || p95 === null) return null
  return { p50: Math.round(p50) / 1_000, p95: Math.round(p95) / 1_000 }
}
