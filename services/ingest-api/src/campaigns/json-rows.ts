import { readRecipient } from '@sms-gateway/contracts/bulk-request'
import type { Reject } from '@sms-gateway/db/campaign-loading'
import type { SourceRow } from './check-recipient.ts'
import type { RowSource } from './load-recipients.ts'

/** The recipients of a JSON request; the first is row 1. */
export async function* readJsonRows(recipients: readonly unknown[]): RowSource {
  await Promise.resolve()
  yield recipients.map((value, index) => toRow(value, index + 1))
}

function toRow(value: unknown, row: number): SourceRow | Reject {
  const recipient = readRecipient(value)
  if (!recipient.success) {
    const [issue] = recipient.error.issues
    const path = issue?.path.join('.') ?? ''
    const detail = `${path === '' ? 'The recipient' : path} is not valid: ${issue?.message ?? ''}.`
    return { row, code: 'recipient-invalid', detail }
  }
  const { phone, data = {}, customer_id: customerId = null } = recipient.data
  return { row, phone, customerId, data }
}
