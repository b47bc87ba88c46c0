import { QUERY_WORDS, SUBMIT_WORDS } from './imsp-codes.ts'
import type { ImspRow } from './imsp-html.ts'
import type { ImspStore, ImspSubmission } from './imsp-store.ts'
import { codeForNumber, type ReadSubmitForm, readSubmitForm, splitNumbers } from './imsp-submit.ts'
import { drawMs, drawOutcome } from './script.ts'
import type { SimulatorContext } from './simulator.ts'

/** One account of IMSP. */
export interface ImspAccount {
  account: string
  password: string
  /** Without the permission, parts of a long text arrive as messages of their own. */
  longSms: boolean
  /** Of the next message id. */
  nextNumber: number
  store: ImspStore
  context: SimulatorContext
}

type Rows = readonly ImspRow[]

const UNDELIVERED = 3
const ID_NUMBERS = 0x10000000

export function refuse(code: number): Rows {
  return [[String(code), SUBMIT_WORDS[code] ?? 'simulated']]
}

export function submit(account: ImspAccount, body: Buffer): Rows {
  const raw = body.toString('latin1')
  const form = new URLSearchParams(raw)
  if (!isAllowed(account, form)) return refuse(22)
  const read = readSubmitForm(form, /(?:^|&)msg=([^&]*)/.exec(raw)?.[1] ?? '')
  if (read.kind === 'refused') return refuse(read.code)

  const codes = read.to.map((to) => [to, codeForNumber(to, account.context.script)] as const)
  const accepted = codes.filter(([, code]) => code === 0).map(([to]) => to)
  const id = accepted.length === 0 ? '' : take(account, read, accepted)
  return codes.map(([to, code]) => {
    const words = SUBMIT_WORDS[code] ?? 'simulated'
    return code === 0 ? [to, '0', id, words] : [to, String(code), words]
  })
}

/** Decides what becomes of it, too: so a restart goes on with the same. */
function take(account: ImspAccount, { dcs, content }: ReadSubmitForm, to: string[]): string {
  const { script, random, now } = account.context
  const serial = (account.nextNumber++ % ID_NUMBERS).toString(16).toUpperCase()
  const id = `H${serial.padStart(7, '0')}`
  const takenAt = now().getTime()
  const delayMs = drawMs(script.deliveryDelayMs, random)
  const outcome = drawOutcome(script.outcomes, random)
  account.store.add({
    id,
    to,
    dcs,
    text: content.text,
    part: content.kind === 'part' && account.longSms ? content.position : null,
    takenAt,
    handedOverAt: takenAt + delayMs / 2,
    doneAt: takenAt + delayMs,
    finalCode: outcome.status === 'delivered' ? 0 : (outcome.code ?? UNDELIVERED),
  })
  return id
}

export function query(account: ImspAccount, body: Buffer): Rows {
  const form = new URLSearchParams(body.toString('latin1'))
  if (!isAllowed(account, form)) return refuse(22)
  const id = form.get('messageid') ?? ''
  if (!/^[0-9A-Za-z]{1,20}$/.test(id)) return [['21', wordsOf(21)]]
  const submission = account.store.find(id)
  const asked = splitNumbers(form.get('to_addr'))
  const numbers = asked.length === 0 ? (submission?.to ?? []) : asked
  if (numbers.length === 0) return [['2', wordsOf(2)]]
  const nowMs = account.context.now().getTime()
  return numbers.map((to) => toQueryRow(to, submission, nowMs))
}

export function changePassword(account: ImspAccount, body: Buffer): Rows {
  const form = new URLSearchParams(body.toString('latin1'))
  if (!isAllowed(account, form)) return refuse(22)
  const newCode = form.get('newcode') ?? ''
  if (!/^[\x21-\x7e]{7,8}$/.test(newCode)) return [['1', 'Failed']]
  account.password = newCode
  return [['0', 'Successful']]
}

function isAllowed({ account, password }: ImspAccount, form: URLSearchParams): boolean {
  return form.get('account') === account && form.get('password') === password
}

/** 31 -> 1 -> the final code, with the time only then. */
function toQueryRow(to: string, submission: ImspSubmission | undefined, nowMs: number): ImspRow {
  if (submission === undefined || !submission.to.includes(to)) return toRow(to, 2)
  if (nowMs < submission.handedOverAt) return toRow(to, 31)
  if (nowMs < submission.doneAt) return toRow(to, 1)
  return toRow(to, submission.finalCode, toTaiwanTime(submission.doneAt))
}

function toRow(to: string, code: number, doneTime = 'null'): ImspRow {
  return [to, String(code), doneTime, wordsOf(code)]
}

function wordsOf(code: number): string {
  return QUERY_WORDS[code] ?? 'simulated'
}

/** `yyyymmddHHMMSS` in Taiwan. */
function toTaiwanTime(ms: number): string {
  return new Date(ms + 8 * 60 * 60_000).toISOString().replace(/\D/g, '').slice(0, 14)
}
