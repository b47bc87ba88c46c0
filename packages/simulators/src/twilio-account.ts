import type { SimulatorContext } from './simulator.ts'
import { toJson } from './simulator-control.ts'
import type { Reply, SimulatorRequest } from './simulator-server.ts'
import { toTwilioError } from './twilio-errors.ts'
import { planMessage, statusAt, type TwilioMessage } from './twilio-messages.ts'
import type { ReceiptSender } from './twilio-receipts.ts'
import { toMessagePage, toMessageResource } from './twilio-resource.ts'
import { readCreateForm } from './twilio-rules.ts'
import type { TwilioStore } from './twilio-store.ts'

/** One account of Twilio, and what its Messages API answers. */
export interface TwilioAccount {
  accountSid: string
  authorization: string
  /** Numbers it may send from; without them any. */
  ownNumbers: readonly string[] | undefined
  balance: { balance: string; currency: string }
  /** Messages taken so far. */
  count: number
  store: TwilioStore
  receipts: ReceiptSender
  context: SimulatorContext
}

const SID = /^\/Messages\/(SM[0-9a-f]{32})\.json$/

/** The path within the account; `undefined` for a request of somebody else. */
export function readPath(account: TwilioAccount, request: SimulatorRequest): string | undefined {
  const base = `/2010-04-01/Accounts/${account.accountSid}`
  const isOurs = request.authorization === account.authorization && request.path.startsWith(base)
  return isOurs ? request.path.slice(base.length) : undefined
}

export function createMessage(account: TwilioAccount, body: Buffer): Reply {
  const { accountSid, ownNumbers, context, store } = account
  const form = new URLSearchParams(body.toString())
  const read = readCreateForm(form, context.script, ownNumbers)
  if (read.kind === 'refused') return toTwilioError(read.status, read.code)
  const message = planMessage(read.fields, account.count++, context)
  store.add(message)
  for (const event of message.events) account.receipts.schedule(message, event)
  // What was just taken is shown before anything has become of it.
  return toJson(201, toMessageResource(message, accountSid, message.createdAt - 1))
}

export function answerQuestion(account: TwilioAccount, request: SimulatorRequest): Reply {
  const path = readPath(account, request)
  if (path === undefined) return toTwilioError(401, 20003)
  switch (`${request.method} ${path}`) {
    case 'GET /Messages.json':
      return list(account, new URLSearchParams(request.query))
    case 'GET /Balance.json':
      return toJson(200, { account_sid: account.accountSid, ...account.balance })
  }
  const sid = SID.exec(path)?.[1]
  const message = sid === undefined ? undefined : account.store.find(sid)
  if (message === undefined) return toTwilioError(404, 20404)
  return request.method === 'POST'
    ? cancel(account, message, new URLSearchParams(request.body.toString()))
    : toJson(200, show(account, message))
}

export function show({ accountSid, context }: TwilioAccount, message: TwilioMessage) {
  return toMessageResource(message, accountSid, context.now().getTime())
}

function list({ accountSid, store, context }: TwilioAccount, query: URLSearchParams): Reply {
  const to = query.get('To')
  const from = query.get('From')
  const found = to === null ? store.all() : store.listTo(to)
  const newestFirst = found.filter((message) => from === null || message.from === from).reverse()
  const nowMs = context.now().getTime()
  return toJson(200, toMessagePage({ accountSid, newestFirst, query, nowMs }))
}

function cancel(account: TwilioAccount, message: TwilioMessage, form: URLSearchParams): Reply {
  const at = account.context.now().getTime()
  const canCancel = statusAt(message, at).status === 'queued'
  if (form.get('Status') !== 'canceled' || !canCancel) return toTwilioError(400, 20001)
  const event = { status: 'canceled', errorCode: null, at, receipts: 1, receiptAt: at } as const
  account.store.replaceEvents(message, [event])
  account.receipts.schedule(message, event)
  return toJson(200, show(account, message))
}
