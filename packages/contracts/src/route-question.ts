import { z } from 'zod'
import { Lane } from '@sms-gateway/domain/lane'
import { ProviderName } from '@sms-gateway/domain/provider'

/** `POST /routes/simulate`. */
export const RouteQuestionRequest = z.strictObject({
  message_type: z.string().regex(/^[a-z][a-z0-9_]{0,49}$/),
  priority: Lane.optional(),
  segments: z.int().min(1).max(10).default(1),
})
export type RouteQuestionRequest = z.output<typeof RouteQuestionRequest>

const Candidate = z.strictObject({
  provider: ProviderName,
  usable: z.boolean(),
  why: z.string(),
  share: z.number().nullable().describe('Of all messages, those that try it first'),
  cost: z.strictObject({ amount: z.string(), currency: z.string() }),
})

export const RouteAnswerResponse = z.strictObject({
  mode: z.enum(['priority', 'cost', 'smart']),
  provider: ProviderName.nullable().describe('The first that could be used now'),
  candidates: z.array(Candidate).describe('In the order in which most such messages try them'),
  reason: z.string(),
  /** The newest plans, where routing is smart. */
  decisions: z.array(
    z.strictObject({
      at: z.string(),
      preferred: ProviderName,
      shares: z.partialRecord(ProviderName, z.number()),
      reason: z.string(),
      scores: z.unknown(),
    }),
  ),
})
export type RouteAnswerResponse = z.output<typeof RouteAnswerResponse>
