import { toImspReply } from './imsp-html.ts'
import type { ImspMessage } from './imsp-inbox.ts'
import { changePassword, type ImspAccount, query, refuse, submit } from './imsp-servlets.ts'
import { createImspStore, type ImspSubmission } from './imsp-store.ts'
import { PersonText, sendRelayText, type TextAnswer } from './inbound-text.ts'
import { randomHex } from './random.ts'
import {
  createContext,
  type Simulator,
  type SimulatorOptions,
  startSimulator,
} from './simulator.ts'
import { toJson } from './simulator-control.ts'
import type { Reply, SimulatorRequest } from './simulator-server.ts'

export interface ImspSimulatorOptions extends SimulatorOptions {
  account: string
  password: string
  /** Without the permission, parts of a long text arrive as messages of their own. */
  longSms?: boolean
  /** Of the first message; ids count up from it. */
  firstId?: string
  /** The gateway's address for what people write, and the secret that the relay signs with. */
  relay?: { url: string; secret: string }
}

export interface ImspSimulator extends Simulator {
  /** Texts as handsets show them, long ones put together. */
  messages(): readonly ImspMessage[]
  /** SubmitSM requests that were taken, parts one by one. */
  submissions(): readonly ImspSubmission[]
  /** Somebody writes, and the relay pushes it. */
  sendText(text: PersonText): Promise<TextAnswer>
}

const SERVLETS = '/imsp/sms/servlet/'

/** Chunghwa's IMSP SMS v3.2 as providers.md, 1.1 has it: form in, HTML out, status by asking. */
export async function startImspSimulator(options: ImspSimulatorOptions): Promise<ImspSimulator> {
  const context = createContext(options)
  const { script, random } = context
  const store = createImspStore(options.journal)
  const lastId = store.submissions().at(-1)?.id
  const account: ImspAccount = {
    account: options.account,
    password: options.password,
    longSms: options.longSms ?? true,
    nextNumber:
      lastId === undefined
        ? toNumber(options.firstId ?? `H${randomHex(random, 6)}`)
        : toNumber(lastId) + 1,
    store,
    context,
  }

  const sendText = (text: PersonText) =>
    sendRelayText(options.relay ?? { url: '', secret: '' }, text)
  const simulator = await startSimulator(options, context, {
    submit: (request) =>
      request.method === 'POST' && request.path === `${SERVLETS}SubmitSM`
        ? () => toImspReply(submit(account, request.body), script.html)
        : undefined,
    ask: (request) => ask(account, request),
    failure({ errorStatus, errorCode, html }) {
      if (errorStatus === 200) return toImspReply(refuse(errorCode ?? -1), html)
      return { status: errorStatus, type: 'text/html', body: '<html><body>error</body></html>' }
    },
    messages: () => [...store.messages()],
    sendText: async (text) => toJson(200, await sendText(PersonText.parse(text))),
    reset: () => store.clear(),
  })

  return {
    ...simulator,
    sendText,
    messages: () => store.messages(),
    submissions: () => store.submissions(),
  }
}

function ask(account: ImspAccount, { method, path, body }: SimulatorRequest): Reply {
  const { html } = account.context.script
  const servlet = path.startsWith(SERVLETS) ? path.slice(SERVLETS.length) : ''
  switch (`${method} ${servlet}`) {
    case 'POST QuerySM':
      return toImspReply(query(account, body), html)
    case 'POST ChangePasswd':
      return toImspReply(changePassword(account, body), html)
    case 'GET SubmitSM':
    case 'GET QuerySM':
    case 'GET ChangePasswd':
      return toImspReply(refuse(55), html)
    default:
      return { status: 404, type: 'text/html', body: '' }
  }
}

function toNumber(id: string): number {
  return Number.parseInt(id.slice(1), 16)
}
