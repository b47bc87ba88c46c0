import type { Generated } from 'kysely'
import type { Keyword } from '@sms-gateway/domain/keywords'
import type { ProviderName } from '@sms-gateway/domain/provider'
import type { Timestamp } from './timestamp.ts'

/** What people send us, its number and text sealed under the row's id. */
export interface InboundTable {
  id: string
  dedupe_key: Buffer
  provider: ProviderName
  reference: string
  sender_hash: Buffer
  sender_cipher: Buffer
  content_cipher: Buffer
  state: 'new' | 'applied'
  keyword: Keyword | null
  /** Of the last message to that number before it: whose conversation this is. */
  client_id: string | null
  customer_id: string | null
  message_id: string | null
  /** The message that answered it by itself. */
  answer_id: string | null
  received_at: Timestamp
  /** When it is to be applied; later after a failure. */
  apply_at: Timestamp
  applied_at: Timestamp | null
}

/** What a client has set a word to be answered with. */
export interface KeywordAnswerTable {
  client_id: string
  /** As `cleanWord` leaves it. */
  word: string
  content: string
  created_at: Generated<Date>
  updated_at: Generated<Date>
}
