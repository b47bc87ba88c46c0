import { readPhone } from './phone.ts'

/** `+886912345678` is `+886912***678`: enough to know it again, too little to write to. */
export function maskPhone(number: string): string {
  const shown = Math.max(0, Math.min(7, number.length - 6))
  return `${number.slice(0, shown)}***${number.slice(-3)}`
}

/** Of an answer of the API, as JSON makes it: how many numbers it shows. */
export function countPhones(value: unknown, field = ''): number {
  if (typeof value === 'string') return isPhone(value, field) ? 1 : 0
  return entriesOf(value).reduce((sum, [name, inner]) => sum + countPhones(inner, name), 0)
}

/**
 * An answer with its numbers masked, wherever they stand: a text that is a number is one, whatever its field is called.
 * In the other texts the numbers of the same object and of those round it are masked too, and in the texts of one-time
 * passwords whatever may be a code.
 */
export function maskAnswer<T>(value: T): T {
  // eslint-disable-next-line @typescript-eslint/consistent-type-assertions -- texts become texts, and nothing else changes
  return maskWithin(value, { field: '', numbers: [], isOtp: false }) as T
}

/** The same of a piece of an answer, of whatever form: every number that is written as one. */
export function maskText(text: string): string {
  return text.replace(ANY_NUMBER, maskPhone)
}

interface Place {
  field: string
  /** Of the objects round it. */
  numbers: readonly RegExp[]
  isOtp: boolean
}

/** Ids of others and our cursors, which may look like a number. */
const NO_PHONES: ReadonlySet<string> = new Set(['provider_message_id', 'next_cursor'])
const MAX_LENGTH = 40
/** `%2B` is a `+` in a form. Within a word or an id it is none. */
const ANY_NUMBER =
  /(?<![A-Za-z0-9])(?:\+|%2B)[1-9]\d{6,14}(?!\d)|(?<![\w+-])(?:8860?|0)9\d{8}(?![\w-])/gi
/** Digits alone, or among letters. */
const CODE = /[A-Za-z0-9]*\d[A-Za-z0-9]*/g

function isPhone(text: string, field: string): boolean {
  return text.length <= MAX_LENGTH && !NO_PHONES.has(field) && readPhone(text) !== null
}

function maskWithin(value: unknown, place: Place): unknown {
  if (typeof value === 'string') return maskString(value, place)
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map((each) => maskWithin(each, place))
  const entries = Object.entries(value)
  const own = entries.flatMap(([name, text]) =>
    typeof text === 'string' && isPhone(text, name) ? [asWritten(text)] : [],
  )
  const numbers = own.length === 0 ? place.numbers : [...place.numbers, ...own]
  const isOtp = place.isOtp || ('message_type' in value && value.message_type === 'otp')
  return Object.fromEntries(
    entries.map(([field, inner]) => [field, maskWithin(inner, { field, numbers, isOtp })]),
  )
}

function maskString(text: string, { field, numbers, isOtp }: Place): string {
  if (isPhone(text, field)) return maskPhone(text)
  const masked = numbers.reduce((rest, number) => rest.replace(number, maskPhone), text)
  return isOtp && field === 'message' ? masked.replace(CODE, hide) : masked
}

function hide(code: string): string {
  return '*'.repeat(code.length)
}

/** As people write the same number: with or without its country, with dashes and blanks. */
function asWritten(number: string): RegExp {
  const e164 = readPhone(number) ?? number
  const isTaiwan = e164.startsWith('+886')
  const digits = e164.slice(isTaiwan ? 4 : 1).replace(/\d(?=\d)/g, '$&[\\s-]?')
  return new RegExp(`${isTaiwan ? '(?:\\+?886[\\s-]?0?|0)' : '\\+?'}${digits}(?!\\d)`, 'g')
}

function entriesOf(value: unknown): [string, unknown][] {
  return typeof value === 'object' && value !== null ? Object.entries(value) : []
}
