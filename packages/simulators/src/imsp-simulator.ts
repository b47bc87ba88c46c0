import { QUERY_WORDS, SUBMIT_WORDS } from './imsp-codes.ts'
import { toImspReply } from './imsp-html.ts'
import { createImspStore, type ImspMessage, type ImspSubmission } from './imsp-store.ts'
import { codeForNumber, readSubmitForm } from './imsp-submit.ts'
import { randomHex } from './random.ts'
import { drawMs, drawOutcome } from './script.ts'
import type { Reply, SimulatorRequest } from './simulator-server.ts'
import {
  createContext,
  startSimulator,
  type Simulator,
  type SimulatorOptions,
} from './simulator.ts'

export interface ImspSimulatorOptions extends SimulatorOptions {
  account: string
  password: string
  /** Without the permission, parts of a long text arrive as messages of their own. */
  longSms?: boolean
  /** Of the first message; ids count up from it. */
  firstId?: string
}

export interface ImspSimulator extends Simulator {
  /** Texts as handsets show them, long ones put together. */
  messages(): readonly ImspMessage[]
  /** SubmitSM requests that were taken, parts one by one. */
  submissions(): readonly ImspSubmission[]
}

type Rows = ReadonlyArray<readonly string[]>

const SERVLETS = '/imsp/sms/servlet/'
const UNDELIVERED = 3

/** Chunghwa's IMSP SMS v3.2 as providers.md, 1.1 has it: form in, HTML out, status by asking. */
export async function startImspSimulator(options: ImspSimulatorOptions): Promise<ImspSimulator> {
  const context = createContext(options)
  const { script, random, now } = context
  const store = createImspStore(options.journal)
  const firstNumber = Number.parseInt((options.firstId ?? `H${randomHex(random, 6)}`).slice(1), 16)
  const lastKept = store.submissions().at(-1)
  let nextNumber = lastKept ? Number.parseInt(lastKept.id.slice(1), 16) + 1 : firstNumber
  let password = options.password

  const reply = (rows: Rows): Reply => toImspReply(rows, script.html)
  const refuse = (code: number): Reply => reply([[String(code), SUBMIT_WORDS[code] ?? 'simulated']])
  const isAllowed = (form: URLSearchParams): boolean =>
    form.get('account') === options.account && form.get('password') === password

  function submit({ body }: SimulatorRequest): Reply {
    const raw = body.toString('latin1')
    const form = new URLSearchParams(raw)
    if (!isAllowed(form)) return refuse(22)
    const read = readSubmitForm(form, /(?:^|&)msg=([^&]*)/.exec(raw)?.[1] ?? '')
    if (read.kind === 'refused') return refuse(read.code)

    const codes = read.to.map((to) => [to, codeForNumber(to, script)] as const)
    const accepted = codes.filter(([, code]) => code === 0).map(([to]) => to)
    const id = accepted.length === 0 ? '' : take(read, accepted)
    return reply(
      codes.map(([to, code]) => {
        const words = SUBMIT_WORDS[code] ?? 'simulated'
        return code === 0 ? [to, '0', id, words] : [to, String(code), words]
      }),
    )
  }

  function take(
    { dcs, content }: Extract<ReturnType<typeof readSubmitForm>, { kind: 'read' }>,
    to: string[],
  ): string {
    const id = `H${(nextNumber++ % 0x10000000).toString(16).toUpperCase().padStart(7, '0')}`
    const takenAt = now().getTime()
    const delayMs = drawMs(script.deliveryDelayMs, random)
    const outcome = drawOutcome(script.outcomes, random)
    const isPart = content.kind === 'part' && options.longSms !== false
    store.add({
      id,
      to,
      dcs,
      text: content.text,
      part: isPart
        ? { reference: content.reference, total: content.total, number: content.part }
        : null,
      takenAt,
      handedOverAt: takenAt + delayMs / 2,
      doneAt: takenAt + delayMs,
      finalCode: outcome.status === 'delivered' ? 0 : (outcome.code ?? UNDELIVERED),
    })
    return id
  }

  function query({ body }: SimulatorRequest): Reply {
    const form = new URLSearchParams(body.toString('latin1'))
    if (!isAllowed(form)) return refuse(22)
    const id = form.get('messageid') ?? ''
    if (!/^[0-9A-Za-z]{1,20}$/.test(id)) return reply([['21', QUERY_WORDS[21] ?? '']])
    const submission = store.find(id)
    const asked = (form.get('to_addr') ?? '').split(',').filter((number) => number !== '')
    const numbers = asked.length === 0 ? (submission?.to ?? []) : asked
    if (numbers.length === 0) return reply([['2', QUERY_WORDS[2] ?? '']])
    return reply(numbers.map((to) => toQueryRow(to, submission, now().getTime())))
  }

  function changePassword({ body }: SimulatorRequest): Reply {
    const form = new URLSearchParams(body.toString('latin1'))
    if (!isAllowed(form)) return refuse(22)
    const newCode = form.get('newcode') ?? ''
    if (!/^[\x21-\x7e]{7,8}$/.test(newCode)) return reply([['1', 'Failed']])
    password = newCode
    return reply([['0', 'Successful']])
  }

  const simulator = await startSimulator(options, context, {
    submit: (request) =>
      request.method === 'POST' && request.path === `${SERVLETS}SubmitSM`
        ? () => submit(request)
        : undefined,
    ask(request) {
      const servlet = request.path.startsWith(SERVLETS) ? request.path.slice(SERVLETS.length) : ''
      if (servlet === '') return { status: 404, type: 'text/html', body: '' }
      if (request.method !== 'POST') return refuse(servlet === 'ChangePasswd' ? 56 : 55)
      if (servlet === 'QuerySM') return query(request)
      return servlet === 'ChangePasswd' ? changePassword(request) : refuse(11)
    },
    failure({ errorStatus, errorCode }) {
      if (errorStatus === 200) return refuse(errorCode ?? -1)
      return { status: errorStatus, type: 'text/html', body: '<html><body>error</body></html>' }
    },
    messages: () => [...store.messages()],
    reset: () => store.clear(),
  })

  return { ...simulator, messages: () => store.messages(), submissions: () => store.submissions() }
}

/** 31 -> 1 -> the final code, with the time only then. */
function toQueryRow(to: string, submission: ImspSubmission | undefined, nowMs: number): string[] {
  if (submission === undefined || !submission.to.includes(to)) return toRow(to, 2)
  if (nowMs < submission.handedOverAt) return toRow(to, 31)
  if (nowMs < submission.doneAt) return toRow(to, 1)
  return toRow(to, submission.finalCode, toTaiwanTime(submission.doneAt))
}

function toRow(to: string, code: number, doneTime = 'null'): string[] {
  return [to, String(code), doneTime, QUERY_WORDS[code] ?? 'simulated']
}

/** `yyyymmddHHMMSS` in Taiwan. */
function toTaiwanTime(ms: number): string {
  return new Date(ms + 8 * 60 * 60_000).toISOString().replace(/\D/g, '').slice(0, 14)
}
