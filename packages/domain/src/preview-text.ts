import { nonGsmCharacters } from './gsm7.ts'
import type { MessageWarning } from './message.ts'
import { type MilliTwd, type PriceList, priceOf } from './money.ts'
import type { ProviderName } from './provider.ts'
import { measureText, type TextMeasure } from './segments.ts'
import { withSenderIdentity } from './sender-identity.ts'
import { smartEncode, type SmartEncoding } from './smart-encoding.ts'
import { checkText, warnings } from './text-rules.ts'

export interface TextPreview {
  text: string
  encoding: TextMeasure['encoding']
  segments: number
  /** Each character that forces UCS-2, once. */
  ucs2Characters: readonly string[]
  costMilli: Record<ProviderName, MilliTwd>
  warnings: readonly MessageWarning[]
  /** What smart encoding makes of it, and whether it does; null where it saves nothing. */
  smartEncoding: (SmartEncoding & { applied: boolean }) | null
}

export interface PreviewRules {
  companyName: string
  registeredUrls: readonly string[]
  /** `SMS_SMART_ENCODING` */
  smartEncoding: boolean
}

export interface PreviewPrices {
  prices: PriceList
  country: string
  at: Date
}

const DEFAULT_PRICES: PreviewPrices = { prices: [], country: 'TW', at: new Date(0) }
const FULL_WIDTH = /[\uff01-\uff5e]/

/** How a text would go out: with the sender identity, its segments, what it costs where, and what may stop it. */
export function previewText(
  text: string,
  { companyName, registeredUrls, smartEncoding: applied }: PreviewRules,
  { prices, country, at }: PreviewPrices = DEFAULT_PRICES,
): TextPreview {
  const given = withSenderIdentity(text, companyName)
  const encoded = smartEncode(given)
  const whole = applied && encoded ? encoded.text : given
  const { encoding, segments } = measureText(whole)
  return {
    text: whole,
    encoding,
    segments,
    ucs2Characters: nonGsmCharacters(whole),
    costMilli: {
      twilio: priceOf(prices, { provider: 'twilio', country, at }, segments),
      chunghwa: priceOf(prices, { provider: 'chunghwa', country, at }, segments),
    },
    warnings: [
      ...identityWarnings(text, given, companyName),
      ...warnings(whole, { registeredUrls }),
      ...refusalWarnings(whole),
    ],
    smartEncoding: encoded ? { ...encoded, applied } : null,
  }
}

/** Carriers look for the exact registered name, in half width, and drop the text silently (providers.md, 8.2). */
function identityWarnings(text: string, whole: string, companyName: string): MessageWarning[] {
  const found: MessageWarning[] = []
  if (text !== whole) {
    const detail = `The text did not bear 【${companyName}】: it was put in front.`
    found.push({ code: 'identity-added', detail })
  }
  if (FULL_WIDTH.test(companyName)) {
    const detail = 'The sender name has full-width characters: carriers look for half-width ones.'
    found.push({ code: 'identity-full-width', detail })
  }
  return found
}

/** What `POST /send` would refuse. */
function refusalWarnings(whole: string): MessageWarning[] {
  const verdict = checkText(whole)
  return verdict.kind === 'ok' ? [] : [{ code: verdict.code, detail: verdict.detail }]
}
