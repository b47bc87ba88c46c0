import type { ColumnType, Generated } from 'kysely'
import type { Timestamp } from './timestamp.ts'

/** `2026-01-31`: a day in `SMS_TIMEZONE`, never a moment. */
type Day = ColumnType<string, string, string>

/** '' and the nil UUID stand for what a message does not have. */
interface StatKey {
  client_id: string
  provider: string
  message_type: string
  template_code: string
  variant: string
  campaign_id: string
}

interface StatFigures {
  total: number
  sent: number
  delivered: number
  failed: number
  segments: number
  cost_milli: number
}

interface StatDelays {
  /** A sketch (`@sms-gateway/domain/delay-sketch`) of the milliseconds from sent to delivered. */
  delays: Buffer
}

export interface StatHourTable extends StatKey, StatFigures, StatDelays {
  hour: Timestamp
}

export interface StatDayTable extends StatKey, StatFigures, StatDelays {
  day: Day
}

export interface StatCustomerTable extends StatFigures, StatDelays {
  day: Day
  client_id: string
  customer_id: string
}

/** Changes that are not in the figures yet. */
export interface StatDeltaTable extends StatKey, StatFigures {
  /** The quarter of an hour in which the messages were accepted. */
  at: Timestamp
  customer_id: string
  /** Buckets that got a delivery; one that lost one is -1 - bucket. */
  delays: number[] | null
  /** The start of the transaction that changed the messages. */
  changed_at: Generated<Date>
  /** Where they are, or were: see {@link StatNowTable}. */
  lane: Generated<string>
  state: Generated<string>
  reason: Generated<string>
}

/** What happened in a minute, to whichever messages. */
export interface StatMinuteTable {
  minute: Timestamp
  client_id: string
  lane: string
  accepted: number
  sent: number
  delivered: number
  failed: number
}

/** How many messages are where, of those that are not at their end. */
export interface StatNowTable {
  client_id: string
  lane: string
  state: 'waiting' | 'held' | 'scheduled' | 'in_doubt'
  /** Of those that are held; '' of others. */
  reason: string
  count: number
}

/** What each message adds to the figures. */
export interface MessageStatView extends StatKey, StatFigures {
  id: string
  created_at: Timestamp
  at: Timestamp
  customer_id: string
  delay: number | null
}
