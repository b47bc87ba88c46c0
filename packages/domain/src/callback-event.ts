import { MESSAGE_STATUSES, type MessageStatus } from './message-status.ts'

const STATUS_TYPES = MESSAGE_STATUSES.map((status) => `message.${status}` as const)
const OTHER_TYPES = ['message.inbound', 'recipient.opted_out', 'recipient.opted_in'] as const

/** What a producer may be told of: each status that a message takes, and what recipients do. */
export type CallbackEventType = (typeof STATUS_TYPES)[number] | (typeof OTHER_TYPES)[number]
export const CALLBACK_EVENT_TYPES: readonly CallbackEventType[] = [...STATUS_TYPES, ...OTHER_TYPES]

/** `undefined` of an event that is no message's status. */
export function statusOf(type: CallbackEventType): MessageStatus | undefined {
  return MESSAGE_STATUSES.find((status) => `message.${status}` === type)
}

const RANKS: Record<MessageStatus, number> = {
  accepted: 0,
  scheduled: 1,
  held: 1,
  queued: 1,
  sending: 1,
  sent: 2,
  unknown: 2,
  undelivered: 3,
  failed: 3,
  cancelled: 3,
  expired: 3,
  suppressed: 3,
  delivered: 4,
}

/**
 * Callbacks come in no order: of two statuses of a message, the one of the lower rank is the older. Statuses of one
 * rank may follow each other either way, so there the place in the timeline decides.
 */
export function rankOf(status: MessageStatus): number {
  return RANKS[status]
}
