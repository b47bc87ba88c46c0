import { readForeignPhone } from './foreign-phone.ts'
import type { Keyword } from './keywords.ts'
import { parsePhone } from './phone.ts'
import type { ProviderName } from './provider.ts'

/** A text that somebody has sent to one of our numbers, as its provider tells it. */
export interface InboundText {
  provider: ProviderName
  /** The provider's own id: a repeat bears the same. */
  reference: string
  /** E.164 where it is a number, else as it came: see {@link readSender}. */
  from: string
  /** Ours; null where the provider does not say. */
  to: string | null
  text: string
  mediaUrls: readonly string[]
  /** The provider knows what the word means, and has answered it itself (Twilio's Advanced Opt-Out). */
  providerKeyword: Keyword | null
}

const MAX_SENDER_LENGTH = 40

/** The sender as our own messages name people, so that both directions meet. Some senders are words or short codes. */
export function readSender(from: string): string {
  const sender = from.trim().slice(0, MAX_SENDER_LENGTH)
  const taiwan = parsePhone(sender, ['TW'])
  if (taiwan.kind === 'ok') return taiwan.phone
  return readForeignPhone(sender)?.e164 ?? sender
}
