/** The life of a message: contract.md, 4. */
export const MESSAGE_STATUSES = [
  'accepted',
  'scheduled',
  'held',
  'queued',
  'sending',
  'sent',
  'delivered',
  'undelivered',
  'failed',
  'cancelled',
  'expired',
  'suppressed',
  'unknown',
] as const
export type MessageStatus = (typeof MESSAGE_STATUSES)[number]

const ENDS = ['failed', 'cancelled', 'expired', 'suppressed'] as const

/** A receipt proves that a provider took it, even of a message that was put back because nobody knew. */
const PROVEN = ['sent', 'delivered', 'undelivered'] as const

/**
 * `undelivered` may still become `delivered`: a handset's receipt is a positive fact, so it wins whatever the
 * order in which receipts arrive, and every order of the same receipts ends the same.
 */
const NEXT: Record<MessageStatus, readonly MessageStatus[]> = {
  accepted: ['scheduled', 'held', 'queued', 'sending', ...ENDS],
  scheduled: ['held', 'queued', 'sending', ...ENDS],
  held: ['queued', 'sending', 'unknown', ...PROVEN, ...ENDS],
  queued: ['held', 'sending', 'unknown', ...PROVEN, ...ENDS],
  sending: ['queued', 'held', 'unknown', ...PROVEN, ...ENDS],
  sent: ['delivered', 'undelivered', 'unknown'],
  unknown: ['sent', 'delivered', 'undelivered'],
  undelivered: ['delivered'],
  delivered: [],
  failed: [],
  cancelled: [],
  expired: [],
  suppressed: [],
}

export function canMove(from: MessageStatus, to: MessageStatus): boolean {
  return NEXT[from].includes(to)
}

/** Nothing has been handed to a provider yet, so the message may still be cancelled. */
export const WAITING_STATUSES = [
  'accepted',
  'scheduled',
  'held',
  'queued',
] as const satisfies readonly MessageStatus[]

export function isWaiting(status: MessageStatus): boolean {
  return WAITING_STATUSES.some((waiting) => waiting === status)
}
