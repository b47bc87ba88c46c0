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

/** Recipients that are prepared together: they ask the stores together, and leave the event loop to others after it. */
const CHUNK = 100

/** A message for each recipient that can have one; the others are listed with the reason. */
export async function prepareBulk(
  context: RequestContext,
  facts: BulkFacts,
): Promise<PreparedBulk> {
  const { recipients } = facts.request
  const messages: NewMessage[] = []
  const indexes: number[] = []
  const rejected: BulkResponse['rejected'] = []
  const seen = new Set<string>()
  for (let start = 0; start < recipients.length; start += CHUNK) {
    const chunk = recipients.slice(start, start + CHUNK)
    const prepared = await Promise.all(chunk.map((recipient) => prepare(context, facts, recipient)))
    for (const [offset, each] of prepared.entries()) {
      const outcome = each.kind === 'ok' ? onlyOnce(each, seen) : each
      const index = start + offset
      if (outcome.kind === 'refused') {
        rejected.push({ index, code: outcome.code, detail: outcome.detail })
        continue
      }
      messages.push(outcome.message)
      indexes.push(index)
    }
    await nextTurn()
  }
  return { messages, indexes, rejected }
}

type Outcome =
  { kind: 'ok'; message: NewMessage } | { kind: 'refused'; code: string; detail: string }

async function prepare(
  context: RequestContext,
  { clientId, batchId, request, now }: BulkFacts,
  recipient: unknown,
): Promise<Outcome> {
  const single = toSendRequest(request, recipient)
  if (single.kind === 'ok') {
    return prepareRequest(context, { clientId, request: single.request, now, origin: { batchId } })
  }
  return { kind: 'refused', code: 'recipient-invalid', detail: single.detail }
}

function onlyOnce(prepared: { kind: 'ok'; message: NewMessage }, seen: Set<string>): Outcome {
  const { phone, text, customerId } = prepared.message
  const what = JSON.stringify([phone, text, customerId])
  if (!seen.has(what)) {
    seen.add(what)
    return prepared
  }
  const detail = 'The same text to the same number stands further up in this request.'
  return { kind: 'refused', code: 'recipient-repeated', detail }
}

type Single = { kind: 'ok'; request: SendRequest } | { kind: 'invalid'; detail: string }

/** As if the recipient had come alone, by `POST /send`, in the lane of those who can wait. */
function toSendRequest(bulk: BulkRequest, value: unknown): Single {
  const recipient = readRecipient(value)
  if (!recipient.success) return { kind: 'invalid', detail: describe(recipient.error) }
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

interface Issue {
  path: readonly PropertyKey[]
  message: string
}

/** The first thing that is wrong with it. */
function describe({ issues: [issue] }: { issues: readonly Issue[] }): string {
  const path = issue?.path.join('.') ?? ''
  return `${path === '' ? 'The recipient' : path} is not valid: ${issue?.message ?? ''}.`
}
