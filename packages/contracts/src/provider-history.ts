import { z } from 'zod'
import { ProviderName } from '@sms-gateway/domain/provider'
import { ProviderEventResponse } from './providers.ts'

const Moment = z.iso.datetime({ offset: true })
const Count = z.int().min(0)

const A_WEEK = 7 * 24 * 60

/** `GET /providers/:name/history`. */
export const ProviderHistoryQuery = z.strictObject({
  minutes: z.coerce.number().int().min(1).max(A_WEEK).default(60),
})

/** What the submissions of some minutes amounted to, and the receipts that came in them. */
const ProviderSpan = z.strictObject({
  /** Its start. */
  at: Moment,
  attempts: Count,
  accepted: Count,
  refused: Count,
  throttled: Count,
  unreachable: Count,
  in_doubt: Count,
  /** Taken in part, or given back unsent. */
  other: Count,
  delivered: Count,
  undelivered: Count,
  /** Accepted of the attempts; null without any. */
  success_rate: z.number().nullable(),
  latency_ms_mean: z.int().nullable(),
  latency_ms_max: z.int().nullable(),
})
export type ProviderSpan = z.infer<typeof ProviderSpan>

export const ProviderHistoryResponse = z.strictObject({
  provider: ProviderName,
  /** How long each of `data` is: 1, or 15 of more than three hours. */
  step_minutes: z.union([z.literal(1), z.literal(15)]),
  /** All of them, oldest first; the last one is still running. */
  data: z.array(ProviderSpan),
  /** What changed of its circuit and its switch in that time, newest first, at most 200. */
  events: z.array(ProviderEventResponse),
})
export type ProviderHistoryResponse = z.infer<typeof ProviderHistoryResponse>
