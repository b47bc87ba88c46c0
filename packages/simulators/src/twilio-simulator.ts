import type { Reply, SimulatorRequest } from './simulator-server.ts'
import {
  createContext,
  startSimulator,
  toJson,
  type Simulator,
  type SimulatorOptions,
} from './simulator.ts'
import { toTwilioError } from './twilio-errors.ts'
import { planMessage, statusAt, type TwilioMessage } from './twilio-messages.ts'
import { createReceiptSender } from './twilio-receipts.ts'
import { toMessagePage, toMessageResource } from './twilio-resource.ts'
import { readCreateForm } from './twilio-rules.ts'
import { createTwilioStore } from './twilio-store.ts'

export interface TwilioSimulatorOptions extends SimulatorOptions {
  accountSid: string
  authToken: string
  /** Numbers the account may send from; any other is refused with 21606. Without it, any number is ours. */
  ownNumbers?: readonly string[]
  balance?: { balance: string; currency: string }
}

/** One create call that was taken. */
export interface TwilioSubmission {
  at: Date
  to: string
  body: string
  sid: string
  statusCallback: string | null
}

export interface TwilioSimulator extends Simulator {
  messages(): Array<ReturnType<typeof toMessageResource>>
  submissions(): TwilioSubmission[]
}

/** Twilio's Messages API as providers.md, 4 has it, with signed status callbacks. */
export async function startTwilioSimulator(
  options: TwilioSimulatorOptions,
): Promise<TwilioSimulator> {
  const { accountSid, authToken } = options
  const context = createContext(options)
  const { script, now } = context
  const store = createTwilioStore(options.journal)
  const receipts = createReceiptSender({ accountSid, authToken, script, onDone: store.settle })
  const authorization = `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}`
  const base = `/2010-04-01/Accounts/${accountSid}`
  const balance = options.balance ?? { balance: '12.34', currency: 'USD' }
  let count = store.all().length

  const show = (message: TwilioMessage) => toMessageResource(message, accountSid, now().getTime())

  function schedule(message: TwilioMessage): void {
    for (const event of message.events) receipts.schedule(message, event)
  }

  function create({ body }: SimulatorRequest): Reply {
    const form = new URLSearchParams(body.toString())
    const read = readCreateForm(form, script, options.ownNumbers)
    if (read.kind === 'refused') return toTwilioError(read.status, read.code)
    const message = planMessage(read.fields, count++, context)
    store.add(message)
    schedule(message)
    // What was just taken is shown as it is now, before anything has become of it.
    return toJson(201, toMessageResource(message, accountSid, message.createdAt - 1))
  }

  function update(message: TwilioMessage, body: Buffer): Reply {
    const at = now().getTime()
    const wantsCancel = new URLSearchParams(body.toString()).get('Status') === 'canceled'
    if (!wantsCancel || statusAt(message, at).status !== 'queued') return toTwilioError(400, 20001)
    const event = { status: 'canceled', errorCode: null, at, receipts: 1, receiptAt: at } as const
    store.replaceEvents(message, [event])
    receipts.schedule(message, event)
    return toJson(200, show(message))
  }

  function list(queryText: string): Reply {
    const query = new URLSearchParams(queryText)
    const to = query.get('To')
    const from = query.get('From')
    const found = to === null ? store.all() : store.listTo(to)
    const newestFirst = found.filter((message) => from === null || message.from === from).reverse()
    return toJson(200, toMessagePage({ accountSid, newestFirst, query, nowMs: now().getTime() }))
  }

  function ask(request: SimulatorRequest): Reply {
    if (request.authorization !== authorization) return toTwilioError(401, 20003)
    const { method, path, query, body } = request
    if (method === 'GET' && path === `${base}/Messages.json`) return list(query)
    if (method === 'GET' && path === `${base}/Balance.json`) {
      return toJson(200, { account_sid: accountSid, ...balance })
    }
    const sid = /\/Messages\/(SM[0-9a-f]{32})\.json$/.exec(path)?.[1]
    const message = path.startsWith(base) && sid !== undefined ? store.find(sid) : undefined
    if (message === undefined) return toTwilioError(404, 20404)
    return method === 'POST' ? update(message, body) : toJson(200, show(message))
  }

  const simulator = await startSimulator(options, context, {
    submit(request) {
      const isCreate = request.method === 'POST' && request.path === `${base}/Messages.json`
      if (!isCreate || request.authorization !== authorization) return undefined
      return () => create(request)
    },
    ask,
    failure({ errorStatus, errorCode, retryAfter }) {
      const reply = toTwilioError(errorStatus, errorCode ?? (errorStatus === 429 ? 20429 : 20500))
      return retryAfter === undefined ? reply : { ...reply, retryAfter }
    },
    messages: () => store.all().map(show),
    reset() {
      receipts.clear()
      store.clear()
    },
  })
  for (const [message, event] of store.listDue()) receipts.schedule(message, event)

  return {
    ...simulator,
    messages: () => store.all().map(show),
    submissions: () => store.all().map(toSubmission),
    async close() {
      await simulator.close()
      await receipts.close()
    },
  }
}

function toSubmission({
  createdAt,
  to,
  body,
  sid,
  statusCallback,
}: TwilioMessage): TwilioSubmission {
  return { at: new Date(createdAt), to, body, sid, statusCallback }
}
