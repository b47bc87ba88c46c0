import type { ProviderName } from './provider.ts'

/** Thousandths of a New Taiwan dollar, so that NT$0.70 times any number of segments stays exact. */
export type MilliTwd = number

export const CURRENCY = 'TWD'

/** What a provider takes for a segment to a country, from a moment on. */
export interface Price {
  provider: ProviderName
  /** ISO 3166, or {@link ANY_COUNTRY}. */
  country: string
  milli: MilliTwd
  validFrom: Date
}
export type PriceList = readonly Price[]

/** Of countries that have no price of their own. */
export const ANY_COUNTRY = '*'

/** Where nothing was set: guide.md, "Pricing (Approximate)". */
const DEFAULT_MILLI: Record<ProviderName, MilliTwd> = { twilio: 500, chunghwa: 700 }

export interface PriceQuestion {
  provider: ProviderName
  country: string
  at: Date
}

/** The newest that was in force at the moment, of the country before that of any. In SQL: `price_at`. */
export function priceOf(
  prices: PriceList,
  { provider, country, at }: PriceQuestion,
  segments: number,
): MilliTwd {
  const inForce = prices.filter((price) => price.provider === provider && price.validFrom <= at)
  const price =
    newest(inForce.filter((each) => each.country === country)) ??
    newest(inForce.filter((each) => each.country === ANY_COUNTRY))
  return (price?.milli ?? DEFAULT_MILLI[provider]) * segments
}

function newest(prices: PriceList): Price | undefined {
  let found: Price | undefined
  for (const price of prices) if (!found || price.validFrom > found.validFrom) found = price
  return found
}

/** `1250` is `"1.25"`; at least two decimals, a third only when it is needed. */
export function toDecimal(milli: MilliTwd): string {
  const whole = Math.trunc(milli / 1000)
  const rest = String(milli % 1000).padStart(3, '0')
  return `${whole}.${rest.endsWith('0') ? rest.slice(0, 2) : rest}`
}

/** `"0.7"` is `700`; `undefined` of what is no amount down to a thousandth, or too large to be one. */
export function readDecimal(text: string): MilliTwd | undefined {
  const match = /^(\d{1,9})(?:\.(\d{1,3}))?$/.exec(text)
  if (!match) return undefined
  return Number(match[1]) * 1000 + Number((match[2] ?? '').padEnd(3, '0'))
}
