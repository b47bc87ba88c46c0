import type { MessageId } from './ids.ts'
import type { Lane } from './lane.ts'
import type { MessageStatus } from './message-status.ts'
import type { MilliTwd } from './money.ts'
import type { Phone } from './phone.ts'
import type { ProviderName } from './provider.ts'

export interface MessageWarning {
  code: string
  detail: string
}

/** What a producer gave, and what was made of it at acceptance: it never changes. */
export interface MessageContent {
  text: string
  metadata: Record<string, unknown> | null
  mediaUrls: readonly string[]
}

/** What a message is one of; null for one that came alone. */
export interface MessageOrigin {
  campaignId: string | null
  batchId: string | null
  /** The message that failed, or may have: this one goes in its stead. */
  retryOf: string | null
}

/** A message as it was accepted. */
export interface NewMessage extends MessageContent, MessageOrigin {
  id: MessageId
  clientId: string
  /**
   * Where it begins: `queued`, `scheduled` when its time to go is yet to come, or `held` in quiet hours. Or ends at once:
   * `suppressed`, with the reason in `error`.
   */
  status: 'queued' | 'scheduled' | 'held' | 'suppressed'
  error: { code: string; detail: string } | null
  /** Before it nothing is tried. */
  notBefore: Date | null
  holdReason: string | null
  lane: Lane
  channel: 'sms'
  messageType: string
  customerId: string | null
  phone: Phone
  country: string
  encoding: 'GSM-7' | 'UCS-2'
  segments: number
  costMilli: MilliTwd
  /** What it was made of; a template's later versions do not touch it. */
  templateCode: string | null
  templateVersion: number | null
  variant: string | null
  /** The test of the template's variants that it counts in, or is held out of to compare it with. */
  experiment: { id: string; heldOut: boolean } | null
  scheduleAt: Date | null
  expiresAt: Date
  warnings: readonly MessageWarning[]
  createdAt: Date
}

export interface Message extends Omit<NewMessage, 'status' | 'phone' | 'text'> {
  /** Null once the person was erased, as is the text. */
  phone: Phone | null
  text: string | null
  status: MessageStatus
  provider: ProviderName | null
  providerMessageId: string | null
  attempts: number
  inDoubt: boolean
  possibleDuplicate: boolean
  /** Has a part of it: the rest may go nowhere else. */
  pinnedProvider: ProviderName | null
  updatedAt: Date
  events: readonly MessageEvent[]
}

/** One line of a message's timeline. */
export interface MessageEvent {
  status: MessageStatus
  at: Date
  provider: ProviderName | null
  providerMessageId: string | null
  errorCode: string | null
  detail: string | null
}
