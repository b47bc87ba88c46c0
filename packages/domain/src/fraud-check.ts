/** At most so many within so many minutes. */
export interface VelocityLimit {
  count: number
  minutes: number
}

/** `SMS_FRAUD_LIMITS`: what a flood of one-time passwords looks like that somebody earns money with. */
export interface FraudLimits {
  /** To one number. */
  number?: VelocityLimit | undefined
  /** To the numbers that differ in their last four digits alone. */
  prefix?: VelocityLimit | undefined
  /** Of one API client. */
  client?: VelocityLimit | undefined
  /** Numbers in a row, of one client, each within a minute of the one before. */
  sequence?: { count: number } | undefined
}

/** What was counted, this message among it. */
export interface OtpCounts {
  number: number
  prefix: number
  client: number
  run: number
}

export const FRAUD_CHECK = 'fraud-check'
export const FRAUD_SIGNS = ['number', 'prefix', 'client', 'sequence'] as const
export type FraudSign = (typeof FRAUD_SIGNS)[number]

/** The first limit that is passed; `undefined` where all is as usual. */
export function findFraudSign(counts: OtpCounts, limits: FraudLimits): FraudSign | undefined {
  const { number, prefix, client, sequence } = limits
  if (number && counts.number > number.count) return 'number'
  if (prefix && counts.prefix > prefix.count) return 'prefix'
  if (client && counts.client > client.count) return 'client'
  return sequence && counts.run >= sequence.count ? 'sequence' : undefined
}

/** The mobile operators give numbers out in blocks of ten thousand. */
const BLOCK_DIGITS = 4

export function prefixOf(phone: string): string {
  return phone.slice(0, -BLOCK_DIGITS)
}

/** Whoever counts upwards may leave out a number or two. */
const REACH = 3

/** The numbers right below this one, within its block. */
export function listNeighbours(phone: string): string[] {
  const prefix = prefixOf(phone)
  const tail = Number(phone.slice(-BLOCK_DIGITS))
  return Array.from(
    { length: Math.min(REACH, tail) },
    (_, index) => `${prefix}${String(tail - 1 - index).padStart(BLOCK_DIGITS, '0')}`,
  )
}

/** How long the row is that ends with a number. Asked for again, a number is no further one. */
export function nextRun(own: number | undefined, neighbours: readonly number[]): number {
  return Math.max(own ?? 1, 1 + Math.max(0, ...neighbours))
}
