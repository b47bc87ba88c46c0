import { z } from 'zod'
import { MessageId } from '@sms-gateway/domain/ids'
import { Lane } from '@sms-gateway/domain/lane'
import { MESSAGE_STATUSES } from '@sms-gateway/domain/message-status'
import { CURRENCY } from '@sms-gateway/domain/money'
import { BudgetIdentity } from './budgets.ts'
import { ProviderResponse } from './providers.ts'

const Moment = z.iso.datetime({ offset: true })
const Count = z.int().min(0)

/** What happened in a minute: to whichever messages, whenever they were accepted. */
export const OverviewMinute = z.strictObject({
  /** Its start. */
  at: Moment,
  accepted: Count,
  /** Taken by a provider. */
  sent: Count,
  delivered: Count,
  /** `undelivered`, `failed` or `expired`. */
  failed: Count,
})
export type OverviewMinute = z.infer<typeof OverviewMinute>

export const OverviewLane = z.strictObject({
  lane: Lane,
  /** Messages that are to go now: queued, being submitted, or waiting for their turn under a limit. */
  depth: Count,
  /** Since the one that waits longest is to go; null where none waits. */
  oldest_seconds: Count.nullable(),
  /** Taken by providers, over the last minutes. */
  per_minute: z.number().min(0),
  /** Until it is empty at this rate; null where nothing moves. */
  seconds_left: Count.nullable(),
})
export type OverviewLane = z.infer<typeof OverviewLane>

export const OverviewBudget = z.strictObject({
  ...BudgetIdentity.shape,
  /** A number of messages, or an amount as a string. */
  limit: z.union([z.int(), z.string()]),
  used: z.union([z.int(), z.string()]),
  /** Used of the limit: over 1 where a soft one is passed. */
  share: z.number().min(0),
})
export type OverviewBudget = z.infer<typeof OverviewBudget>

/**
 * `GET /overview`, and the event `overview` of `GET /events`. A key without `admin` sees its own messages and budgets;
 * lanes and providers are the same for everybody.
 */
export const OverviewResponse = z.strictObject({
  at: Moment,
  /** The last sixty, oldest first; the last one is still running. */
  minutes: z.array(OverviewMinute).length(60),
  /** Each lane, the most urgent first. */
  lanes: z.array(OverviewLane),
  held: z.strictObject({
    count: Count,
    /** When the first of them goes by itself. */
    next_at: Moment.nullable(),
    /** Most first. */
    reasons: z.array(z.strictObject({ reason: z.string(), count: Count })),
  }),
  scheduled: Count,
  in_doubt: Count,
  /** Of the messages accepted today: `undelivered`, `failed` or `expired`. */
  failed_today: Count,
  providers: z.array(ProviderResponse),
  /** The fullest first, at most twenty; those that are of each client or customer have no use to show. */
  budgets: z.array(OverviewBudget),
  /** Of the messages accepted today in `SMS_TIMEZONE`. */
  today: z.strictObject({
    total: Count,
    sent: Count,
    delivered: Count,
    failed: Count,
    cost: z.strictObject({ amount: z.string(), currency: z.literal(CURRENCY) }),
  }),
})
export type OverviewResponse = z.infer<typeof OverviewResponse>

/** A page may watch as many. */
export const MAX_WATCHED = 50

/** `GET /events`: the messages that are watched, as ids with commas between them. */
export const EventsQuery = z.strictObject({
  messages: z
    .string()
    .transform((text) => [...new Set(text.toLowerCase().split(',').filter(Boolean))])
    .pipe(z.array(MessageId).max(MAX_WATCHED))
    .optional(),
})

/** The event `message`: it is not as it was. What exactly is in `GET /messages/:id`. */
export const MessageChange = z.strictObject({
  id: MessageId,
  status: z.enum(MESSAGE_STATUSES),
  in_doubt: z.boolean(),
  attempts: Count,
  updated_at: Moment,
})
export type MessageChange = z.infer<typeof MessageChange>

/** The event `stale`: since then nothing new is known; the next `overview` ends it. */
export const StaleNotice = z.strictObject({ since: Moment })
export type StaleNotice = z.infer<typeof StaleNotice>
