import { readPhone } from './phone.ts'

/** Where in an answer a value stands, as far as it decides whether the value is a number that somebody has. */
export interface Spot {
  field: string
  /** Within what a producer has filled as it likes: the names there say nothing. */
  isFree: boolean
  isMetadata: boolean
}

/** Ids of others and our cursors, which may look like a number. */
const NO_PHONES: ReadonlySet<string> = new Set(['provider_message_id', 'next_cursor'])
/** A list of that name is one of ours. */
const FREE: ReadonlySet<string> = new Set(['metadata', 'template_data', 'data', 'column_map'])
const MAX_LENGTH = 40

/** The answer itself. */
export const OF_OURS: Spot = { field: '', isFree: false, isMetadata: false }
/** The name of a field. */
export const OF_NAMES: Spot = { ...OF_OURS, isFree: true }

/** Of an answer of the API, as JSON makes it: how many numbers it shows. */
export function countPhones(value: unknown): number {
  return countWithin(value, OF_OURS)
}

function countWithin(value: unknown, spot: Spot): number {
  if (phoneIn(value, spot) !== null) return 1
  return entriesOf(value).reduce((sum, [name, inner]) => {
    const named = phoneIn(name, OF_NAMES) === null ? 0 : 1
    return sum + named + countWithin(inner, spotIn(value, name, { of: spot, inner }))
  }, 0)
}

function entriesOf(value: unknown): [string, unknown][] {
  return typeof value === 'object' && value !== null ? Object.entries(value) : []
}

/** The number that a value is, in E.164; null where it is none. */
export function phoneIn(value: unknown, { field, isFree }: Spot): string | null {
  if (typeof value === 'string') {
    const isOurs = !isFree && NO_PHONES.has(field)
    return value.length <= MAX_LENGTH && !isOurs ? readPhone(value) : null
  }
  if (typeof value !== 'number') return null
  const digits = String(value)
  // A number of JSON has lost its zero in front. One of ours counts something.
  return readPhone(digits) ?? (isFree ? readPhone(`0${digits}`) : null)
}

/** Where `inner` stands, the field `name` of an object or an element of a list. */
export function spotIn(
  value: unknown,
  name: string,
  { of, inner }: { of: Spot; inner: unknown },
): Spot {
  if (Array.isArray(value)) return of
  return {
    field: name,
    isFree: of.isFree || (FREE.has(name) && !Array.isArray(inner)),
    isMetadata: of.isMetadata || name === 'metadata',
  }
}
