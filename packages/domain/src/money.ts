import type { ProviderName } from './provider.ts'

/** Thousandths of a New Taiwan dollar, so that NT$0.70 times any number of segments stays exact. */
export type MilliTwd = number

export const CURRENCY = 'TWD'

/** Price a segment: guide.md, "Pricing (Approximate)". */
const SEGMENT_PRICE: Record<ProviderName, MilliTwd> = { twilio: 500, chunghwa: 700 }

export function priceOf(provider: ProviderName, segments: number): MilliTwd {
  return SEGMENT_PRICE[provider] * segments
}

/** `1250` is `"1.25"`; at least two decimals, a third only when it is needed. */
export function toDecimal(milli: MilliTwd): string {
  const whole = Math.trunc(milli / 1000)
  const rest = String(milli % 1000).padStart(3, '0')
  return `${whole}.${rest.endsWith('0') ? rest.slice(0, 2) : rest}`
}
