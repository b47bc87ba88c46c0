import { OF_NAMES, OF_OURS, phoneIn, type Spot, spotIn } from './answer-phones.ts'
import { ANY_NUMBER, hasDigit, hideCodes, maskPhone } from './mask-text.ts'

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

interface Place extends Spot {
  /** Of the objects round it, with the ways in which each is written. */
  numbers: ReadonlyMap<string, RegExp>
  isOtp: boolean
}

/** Of an object: every one more is looked for in every text of it. */
const MAX_NUMBERS = 20
/** In place of more: whatever is as long as a number. */
const TOO_MANY: ReadonlyMap<string, RegExp> = new Map([
  ['any', ANY_NUMBER],
  ['long', /(?<!\d)\+?\d(?:[\s-]?\d){8,14}(?!\d)/g],
])

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
  if (!hasDigit(text)) return text
  if (phoneIn(text, place) !== null) return maskPhone(text)
  let masked = text
  for (const number of place.numbers.values()) masked = masked.replace(number, maskPhone)
  const mayBeCode = place.isOtp && (place.isMetadata || place.field === 'message')
  return mayBeCode ? hideCodes(masked) : masked
}

function maskNumber(value: number, place: Place): number | string {
  const digits = String(value)
  if (phoneIn(value, place) !== null) return maskPhone(digits)
  if (!place.isFree) return value
  const masked = maskString(digits, place)
  return masked === digits ? value : masked
}

/** As people write the same number, which is in E.164: with or without its country, with dashes and blanks. */
function asWritten(number: string): RegExp {
  const isTaiwan = number.startsWith('+886')
  const digits = number.slice(isTaiwan ? 4 : 1).replace(/\d(?=\d)/g, '$&[\\s-]?')
  return new RegExp(`${isTaiwan ? '(?:\\+?886[\\s-]?0?|0)' : '\\+?'}${digits}(?!\\d)`, 'g')
}
