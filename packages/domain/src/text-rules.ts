import { measureText } from './segments.ts'
import {
  findLinks,
  findPhoneNumbers,
  isRegisteredLink,
  isRegisteredNumber,
} from './text-contacts.ts'

const MAX_SEGMENTS = 10

export type TextCheck =
  { kind: 'ok' } | { kind: 'refused'; code: 'text-empty' | 'text-too-long'; detail: string }

export interface TextWarning {
  code: 'ten-digits' | 'unregistered-link' | 'unregistered-number'
  detail: string
}

/** Blanks, control characters, and what a handset draws nothing for: zero-width, bidi marks, variation selectors. */
const UNSEEN = /^[\p{White_Space}\p{Cc}\p{Default_Ignorable_Code_Point}]*$/u

/** Whether whoever gets the text sees nothing at all. */
export function isBlank(text: string): boolean {
  return UNSEEN.test(text)
}

/** Of the text as it leaves: with its variables and the sender identity in it. */
export function checkText(text: string): TextCheck {
  if (isBlank(text)) {
    return { kind: 'refused', code: 'text-empty', detail: 'The text is empty: write one.' }
  }
  const { segments, encoding } = measureText(text)
  if (segments <= MAX_SEGMENTS) return { kind: 'ok' }
  const detail = `The text takes ${segments} segments in ${encoding}, at most ${MAX_SEGMENTS} are sent: shorten it.`
  return { kind: 'refused', code: 'text-too-long', detail }
}

const TEN_DIGITS = /\d{10}/

/** What Taiwan's carriers would block, often while they answer success: providers.md, 8.2. Each code once. */
export function warnings(
  text: string,
  { registeredUrls }: { registeredUrls: readonly string[] },
): TextWarning[] {
  // Full-width digits and letters read the same on the handset, and to a filter.
  const plain = text.normalize('NFKC')
  const found: TextWarning[] = []
  if (TEN_DIGITS.test(plain)) found.push(TEN_DIGITS_WARNING)

  const { links, rest } = findLinks(plain)
  if (links.some((link) => !isRegisteredLink(link, registeredUrls))) found.push(LINK_WARNING)

  const numbers = findPhoneNumbers(rest)
  if (numbers.some((number) => !isRegisteredNumber(number, registeredUrls))) {
    found.push(NUMBER_WARNING)
  }
  return found
}

const TEN_DIGITS_WARNING: TextWarning = {
  code: 'ten-digits',
  detail: 'Chunghwa refuses ten digits in a row (code 41): put a dash inside them.',
}

const LINK_WARNING: TextWarning = {
  code: 'unregistered-link',
  detail:
    'Carriers block a commercial text with a link that is not registered: register it and add it to SMS_SENDER_REGISTERED_URLS, or take it out.',
}

const NUMBER_WARNING: TextWarning = {
  code: 'unregistered-number',
  detail:
    'Carriers block a commercial text with a phone number that is not registered: register it and add it to SMS_SENDER_REGISTERED_URLS, or take it out.',
}
