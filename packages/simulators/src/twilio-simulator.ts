import { PersonText, sendTwilioText, type TextAnswer } from './inbound-text.ts'
import {
  createContext,
  type Simulator,
  type SimulatorOptions,
  startSimulator,
} from './simulator.ts'
import { toJson } from './simulator-control.ts'
import {
  answerQuestion,
  createMessage,
  readPath,
  show,
  type TwilioAccount,
} from './twilio-account.ts'
import { toTwilioError } from './twilio-errors.ts'
import type { TwilioMessage } from './twilio-messages.ts'
import { createReceiptSender } from './twilio-receipts.ts'
import type { TwilioMessageResource } from './twilio-resource.ts'
import { createTwilioStore } from './twilio-store.ts'

export interface TwilioSimulatorOptions extends SimulatorOptions {
  accountSid: string
  authToken: string
  /** Numbers the account may send from; any other is refused with 21606. Without it, any number is ours. */
  ownNumbers?: readonly string[]
  balance?: { balance: string; currency: string }
  /** Of the gateway, where the account's numbers are set to tell what people write. */
  inboundUrl?: string
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
  messages(): TwilioMessageResource[]
  submissions(): TwilioSubmission[]
  /** Somebody writes to one of the account's numbers. */
  sendText(text: PersonText): Promise<TextAnswer>
}

/** Twilio's Messages API as providers.md, 4 has it, with signed status callbacks. */
export async function startTwilioSimulator(
  options: TwilioSimulatorOptions,
): Promise<TwilioSimulator> {
  const { accountSid, authToken } = options
  const context = createContext(options)
  const store = createTwilioStore(options.journal)
  const { script } = context
  const receipts = createReceiptSender({ accountSid, authToken, script, onDone: store.settle })
  const account: TwilioAccount = {
    accountSid,
    authorization: `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}`,
    ownNumbers: options.ownNumbers,
    balance: options.balance ?? { balance: '12.34', currency: 'USD' },
    count: store.all().length,
    store,
    receipts,
    context,
  }
  const sendText = (text: PersonText) =>
    sendTwilioText({ accountSid, authToken, url: options.inboundUrl ?? '' }, text)
  const messages = () => store.all().map((message) => show(account, message))

  const simulator = await startSimulator(options, context, {
    submit: (request) =>
      request.method === 'POST' && readPath(account, request) === '/Messages.json'
        ? () => createMessage(account, request.body)
        : undefined,
    ask: (request) => answerQuestion(account, request),
    failure({ errorStatus, errorCode, retryAfter }) {
      const reply = toTwilioError(errorStatus, errorCode ?? (errorStatus === 429 ? 20429 : 20500))
      return retryAfter === undefined ? reply : { ...reply, retryAfter }
    },
    messages,
    sendText: async (text) => toJson(200, await sendText(PersonText.parse(text))),
    reset() {
      receipts.clear()
      store.clear()
    },
  })
  for (const [message, event] of store.listDue()) receipts.resume(message, event)

  return {
    ...simulator,
    messages,
    sendText,
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
