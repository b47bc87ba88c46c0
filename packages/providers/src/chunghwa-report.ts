import type { DeliveryReport, DeliveryStatus } from '@sms-gateway/domain/provider'
import { QUERY_CODES, type QueryCode } from './chunghwa-codes.ts'
import { readTaiwanTime } from './chunghwa-time.ts'

export interface ChunghwaFact {
  reference: string
  code: string
  doneTime?: string | undefined
}

const STATUS: Readonly<Record<QueryCode['state'], DeliveryStatus | undefined>> = {
  accepted: 'accepted',
  sent: 'sent',
  delivered: 'delivered',
  undelivered: 'undelivered',
  'opted-out': 'undelivered',
  // Not about the message, or the end of what Chunghwa knows: no receipt.
  lost: undefined,
  unavailable: undefined,
}

/** What a QuerySM code says of a message; `undefined` where it says nothing, or our table does not have it. */
export function toDeliveryReport(fact: ChunghwaFact): DeliveryReport | undefined {
  const entry = QUERY_CODES[fact.code]
  const status = entry && STATUS[entry.state]
  if (entry === undefined || status === undefined) return undefined
  const at = readTaiwanTime(fact.doneTime)
  return {
    reference: fact.reference,
    status,
    ...(status === 'undelivered' ? { errorCode: fact.code, detail: entry.meaning } : {}),
    ...(entry.state === 'opted-out' ? { optedOut: true } : {}),
    ...(at === undefined ? {} : { at }),
  }
}
