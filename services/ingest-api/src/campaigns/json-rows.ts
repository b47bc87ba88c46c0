import { readRecipient } from '@sms-gateway/contracts/bulk-request'
import type { Reject } from '@sms-gateway/db/campaign-loading'
import type { SourceRow } from './check-recipient.ts'
import type { RowSource } from './load-recipients.ts'

/** The recipients of a JSON request; the first is row 1. */
export async function* readJsonRows(recipients: readonly unknown[]): RowSource {
  await Promise.resolve()
  yield recipients.map((value, index) => toRow(value, index + 1))
}

const FIELDS = ['phone', 'data', 'customer_id']

function toRow(value: unknown, row: number): SourceRow | Reject {
  const recipient = readRecipient(value)
  if (!recipient.success) {
    // It is kept: no name that somebody made up, which may be a number, goes into it.
    const [field] = recipient.error.issues[0]?.path ?? []
    const name = FIELDS.find((known) => known === field) ?? 'The recipient'
    return { row, code: 'recipient-invalid', detail: `${name} is not valid.` }
  }
  const { phone, data = {}, customer_id: customerId = null } = recipient.data
  return { row, phone, customerId, data }
}
