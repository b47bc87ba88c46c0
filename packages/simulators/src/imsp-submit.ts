import { SUBMIT_WORDS } from './imsp-codes.ts'
import { type ImspContent, readContent } from './imsp-content.ts'
import type { Script } from './script.ts'

export interface ReadSubmitForm {
  kind: 'read'
  to: string[]
  dcs: string
  content: Exclude<ImspContent, { kind: 'refused' }>
}

export type SubmitForm = { kind: 'refused'; code: number } | ReadSubmitForm

const MAX_RECIPIENTS = 20
const DOMESTIC = /^09\d{8}$/
const FOREIGN = /^\+\d{8,18}$/
/** `0900000043` answers 43, and so on for every code. */
const CODE_NUMBER = /^09000000(\d\d)$/
const TEN_DIGITS = /\d{10}/

/** What is wrong with the request as a whole is answered before any recipient is looked at. */
export function readSubmitForm(form: URLSearchParams, rawMessage: string): SubmitForm {
  const to = splitNumbers(form.get('to_addr'))
  if (to.length === 0) return { kind: 'refused', code: 11 }
  if (to.length > MAX_RECIPIENTS) return { kind: 'refused', code: 19 }
  const dcs = form.get('msg_dcs') ?? '0'
  const content = readContent(dcs, form.get('msg_udhi') === '1', rawMessage)
  if (content.kind === 'refused') return content
  if (TEN_DIGITS.test(content.text)) return { kind: 'refused', code: 41 }
  return { kind: 'read', to, dcs, content }
}

/** 0 for a number that may be sent to. */
export function codeForNumber(to: string, script: Script): number {
  const scripted = script.numbers[to]
  if (scripted !== undefined) return scripted.code
  if (!DOMESTIC.test(to) && !FOREIGN.test(to)) return 18
  const code = Number(CODE_NUMBER.exec(to)?.[1] ?? 0)
  return SUBMIT_WORDS[code] === undefined ? 0 : code
}

export function splitNumbers(list: string | null): string[] {
  return (list ?? '').split(',').filter((number) => number !== '')
}
