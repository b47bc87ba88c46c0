import { setImmediate as nextTurn } from 'node:timers/promises'
import {
  type BulkRequest,
  type BulkResponse,
  readRecipient,
} from '@sms-gateway/contracts/bulk-request'
import type { SendRequest } from '@sms-gateway/contracts/send-request'
import type { NewMessage } from '@sms-gateway/domain/message'
import { prepareRequest, type RequestContext } from './prepare-request.ts'

export interface PreparedBulk {
  messages: NewMessage[]
  /** Of each message, in their order: which recipient it is for. */
  indexes: number[]
  rejected: BulkResponse['rejected']
}

export interface BulkFacts {
  clientId: string
  batchId: string
  request: BulkRequest
  now: Date
}

/** Recipients between two turns of the event loop: about 10 ms, so that single messages are not held up. */
const TURN = 200

/** A message for each recipient that can have one; the others are listed with the reason. */
export async function prepareBulk(
  context: RequestContext,
  { clientId, batchId, request, now }: BulkFacts,
): Promise<PreparedBulk> {
  const messages: NewMessage[] = []
  const indexes: number[] = []
  const rejected: BulkResponse['rejected'] = []
  const seen = new Set<string>()
  for (const [index, recipient] of request.recipients.entries()) {
    if (index > 0 && index % TURN === 0) await nextTurn()
    const single = toSendRequest(request, recipient)
    if (single.kind === 'invalid') {
      rejected.push({ index, code: 'recipient-invalid', detail: single.detail })
      continue
    }
    const facts = { clientId, request: single.request, now, origin: { batchId } }
    const prepared = await prepareRequest(context, facts)
    if (prepared.kind === 'refused') {
      rejected.push({ index, code: prepared.code, detail: prepared.detail })
      continue
    }
    const { message } = prepared
    const what = JSON.stringify([message.phone, message.text, message.customerId])
    if (seen.has(what)) {
      const detail = 'The same text to the same number stands further up in this request.'
      rejected.push({ index, code: 'recipient-repeated', detail })
      continue
    }
    seen.add(what)
    messages.push(message)
    indexes.push(index)
  }
  return { messages, indexes, rejected }
}

type Single = { kind: 'ok'; request: SendRequest } | { kind: 'invalid'; detail: string }

/** As if the recipient had come alone, by `POST /send`, in the lane of those who can wait. */
function toSendRequest(bulk: BulkRequest, value: unknown): Single {
  const recipient = readRecipient(value)
  if (!recipient.success) {
    const [issue] = recipient.error.issues
    const path = issue?.path.join('.') ?? ''
    const detail = `${path === '' ? 'The recipient' : path} is not valid: ${issue?.message ?? ''}.`
    return { kind: 'invalid', detail }
  }
  const { phone, data, customer_id: customerId } = recipient.data
  if (data !== undefined && bulk.template_code === undefined) {
    const detail = 'data goes with template_code: a message is sent as it stands.'
    return { kind: 'invalid', detail }
  }
  const { recipients: _, priority = 'bulk', ...shared } = bulk
  return {
    kind: 'ok',
    request: {
      ...shared,
      priority,
      phone,
      ...(data !== undefined && { template_data: data }),
      ...(customerId !== undefined && { customer_id: customerId }),
    },
  }
}
