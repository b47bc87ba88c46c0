import { readPhone } from './phone.ts'

/** `+886912345678` is `+886912***678`: enough to know it again, too little to write to. */
export function maskPhone(number: string): string {
  const shown = Math.max(0, Math.min(7, number.length - 6))
  return `${number.slice(0, shown)}***${number.slice(-3)}`
}

/** Of an answer of the API, as JSON makes it: how many numbers it shows. */
export function countPhones(value: unknown): number {
  return countWithin(value, OF_OURS)
}

/**
 * An answer with its numbers masked, wherever they stand: a text that is a number is one, whatever its field is called.
 * In the other texts the numbers of the same object and of those round it are masked too, and in the texts of one-time
 * passwords whatever may be a code. A number of JSON that is hidden becomes a text.
 */
export function maskAnswer<T>(value: T): T {
  const place = { ...OF_OURS, numbers: new Map(), isOtp: false }
  // eslint-disable-next-line @typescript-eslint/consistent-type-assertions -- texts become texts, and nothing else that our shapes have changes
  return maskWithin(value, place) as T
}

/** The same of a piece of an answer, of whatever form: every number that is written as one. */
export function maskText(text: string): string {
  return text.replace(ANY_NUMBER, maskPhone)
}

interface Spot {
  field: string
  /** Within what a producer has filled as it likes: the names there say nothing. */
  isFree: boolean
  isMetadata: boolean
}

interface Place extends Spot {
  /** Of the objects round it, with the ways in which each is written. */
  numbers: ReadonlyMap<string, RegExp>
  isOtp: boolean
}

/** Ids of others and our cursors, which may look like a number. */
const NO_PHONES: ReadonlySet<string> = new Set(['provider_message_id', 'next_cursor'])
/** A list of that name is one of ours. */
const FREE: ReadonlySet<string> = new Set(['metadata', 'template_data', 'data', 'column_map'])
const MAX_LENGTH = 40
/** `%2B` is a `+` in a form. Within a word or an id it is none. */
const ANY_NUMBER =
  /(?<![A-Za-z0-9])(?:\+|%2B)[1-9]\d{6,14}(?!\d)|(?<![\w+-])(?:8860?|0)9\d{8}(?![\w-])/gi
/** Of an object: every one more is looked for in every text of it. */
const MAX_NUMBERS = 20
/** In place of more: whatever is as long as a number. */
const TOO_MANY: ReadonlyMap<string, RegExp> = new Map([
  ['any', ANY_NUMBER],
  ['long', /(?<!\d)\+?\d(?:[\s-]?\d){8,14}(?!\d)/g],
])
const DIGIT = /\p{Nd}/u
/** Where a code may stand: what has capitals, so not the Chinese round it. A pattern that asks for the digit too is quadratic. */
const WORD = /[\p{Lu}\p{Ll}\p{Lt}\p{Lm}\p{Nd}]+/gu

const OF_OURS: Spot = { field: '', isFree: false, isMetadata: false }
const OF_NAMES: Spot = { ...OF_OURS, isFree: true }

/** The number that a value is, in E.164; null where it is none. */
function phoneIn(value: unknown, { field, isFree }: Spot): string | null {
  if (typeof value === 'string') {
    const isOurs = !isFree && NO_PHONES.has(field)
    return value.length <= MAX_LENGTH && !isOurs ? readPhone(value) : null
  }
  if (typeof value !== 'number') return null
  const digits = String(value)
  // A number of JSON has lost its zero in front. One of ours counts something.
  return readPhone(digits) ?? (isFree ? readPhone(`0${digits}`) : null)
}

function countWithin(value: unknown, spot: Spot): number {
  if (phoneIn(value, spot) !== null) return 1
  return entriesOf(value).reduce((sum, [name, inner]) => {
    const named = phoneIn(name, OF_NAMES) === null ? 0 : 1
    return sum + named + countWithin(inner, spotIn(value, name, { of: spot, inner }))
  }, 0)
}

function spotIn(value: unknown, name: string, { of, inner }: { of: Spot; inner: unknown }): Spot {
  if (Array.isArray(value)) return of
  return {
    field: name,
    isFree: of.isFree || (FREE.has(name) && !Array.isArray(inner)),
    isMetadata: of.isMetadata || name === 'metadata',
  }
}

function maskWithin(value: unknown, place: Place): unknown {
  if (typeof value === 'string') return maskString(value, place)
  if (typeof value === 'number') return maskNumber(value, place)
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map((each) => maskWithin(each, place))
  const entries = Object.entries(value)
  const spots = entries.map(([name, inner]) => spotIn(value, name, { of: place, inner }))
  const own = entries.flatMap(([name, inner], index) => [
    phoneIn(name, OF_NAMES),
    phoneIn(inner, spots[index] ?? place),
  ])
  const numbers = addNumbers(
    place,
    own.filter((number) => number !== null),
  )
  const isOtp = place.isOtp || ('message_type' in value && value.message_type === 'otp')
  return Object.fromEntries(
    entries.map(([name, inner], index) => [
      maskString(name, { ...OF_NAMES, numbers, isOtp: false }),
      maskWithin(inner, { ...(spots[index] ?? place), numbers, isOtp }),
    ]),
  )
}

function addNumbers(
  { numbers: known, isMetadata }: Place,
  own: readonly string[],
): ReadonlyMap<string, RegExp> {
  const others = [...new Set(own)].filter((number) => !known.has(number))
  if (others.length === 0 || known === TOO_MANY) return known
  // Of metadata anybody may make as many objects as they like, each with a number of its own.
  if (isMetadata || known.size + others.length > MAX_NUMBERS) return TOO_MANY
  return new Map([...known, ...others.map((number) => [number, asWritten(number)] as const)])
}

function maskString(text: string, place: Place): string {
  if (!DIGIT.test(text)) return text
  if (phoneIn(text, place) !== null) return maskPhone(text)
  let masked = text
  for (const number of place.numbers.values()) masked = masked.replace(number, maskPhone)
  const mayBeCode = place.isOtp && (place.isMetadata || place.field === 'message')
  return mayBeCode ? masked.replace(WORD, hideCode) : masked
}

function maskNumber(value: number, place: Place): number | string {
  const digits = String(value)
  if (phoneIn(value, place) !== null) return maskPhone(digits)
  if (!place.isFree) return value
  const masked = maskString(digits, place)
  return masked === digits ? value : masked
}

function hideCode(word: string): string {
  return DIGIT.test(word) ? '*'.repeat(word.length) : word
}

/** As people write the same number, which is in E.164: with or without its country, with dashes and blanks. */
function asWritten(number: string): RegExp {
  const isTaiwan = number.startsWith('+886')
  const digits = number.slice(isTaiwan ? 4 : 1).replace(/\d(?=\d)/g, '$&[\\s-]?')
  return new RegExp(`${isTaiwan ? '(?:\\+?886[\\s-]?0?|0)' : '\\+?'}${digits}(?!\\d)`, 'g')
}

function entriesOf(value: unknown): [string, unknown][] {
  return typeof value === 'object' && value !== null ? Object.entries(value) : []
}
