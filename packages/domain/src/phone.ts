import { z } from 'zod'
import { readForeignPhone } from './foreign-phone.ts'

/** A number in E.164. Only `parsePhone` and a stored value make one. */
export const Phone = z
  .string()
  .regex(/^\+[1-9]\d{6,14}$/)
  .brand<'Phone'>()
export type Phone = z.infer<typeof Phone>

/** `detail` says what to do and never repeats the number. */
export type PhoneResult =
  | { kind: 'ok'; phone: Phone; country: string }
  | { kind: 'refused'; code: 'phone-invalid' | 'country-not-allowed'; detail: string }

/** Codes of ISO 3166. `any` where a number is only written down: a list outlives its country's time on ours. */
export type Countries = readonly string[] | 'any'

const MAX_INPUT_LENGTH = 40

/** Blanks, invisible marks (they come along when a number is copied), dashes, dots and brackets. */
const SEPARATORS = /[\s\u00ad\u200b-\u200f\u2010-\u2015\u202a-\u202e\u2060-\u2069\u2212\-.()]/g
const FULL_WIDTH_ASCII = /[\uff01-\uff5e]/g
const FULL_WIDTH_OFFSET = 0xfee0

/** `+88609...` keeps the trunk zero by mistake; it is common and means only one thing. */
const TAIWAN_MOBILE = /^(?:\+?8860?|0)(9\d{8})$/
const TAIWAN_PREFIX = /^(?:\+?886|0)/
const TAIWAN_LANDLINE = /^(?:\+?8860?|0)[2-8]\d{6,9}$/

/** Twilio's magic numbers, for test credentials: no real subscriber has one, so libphonenumber refuses them. */
const TWILIO_MAGIC = /^\+1500555\d{4}$/

export function parsePhone(input: string, allowedCountries: Countries): PhoneResult {
  if (input.length > MAX_INPUT_LENGTH) {
    return invalid(`A phone number has at most ${MAX_INPUT_LENGTH} characters: send one number.`)
  }
  // Nearly every number matches as it comes; only the others are cleaned, and only foreign ones need metadata.
  const subscriber = TAIWAN_MOBILE.exec(input)?.[1]
  if (subscriber !== undefined) return allow(`+886${subscriber}`, 'TW', allowedCountries)
  return parseCleaned(clean(input), allowedCountries)
}

/** A number as a provider or a carrier writes it: `+886912345678`, `886912345678`, `0912345678`. Null where it is none. */
export function readPhone(text: string | undefined): Phone | null {
  const number = clean(text?.slice(0, MAX_INPUT_LENGTH) ?? '')
  const subscriber = TAIWAN_MOBILE.exec(number)?.[1]
  const phone = Phone.safeParse(subscriber === undefined ? number : `+886${subscriber}`)
  return phone.success ? phone.data : null
}

function parseCleaned(number: string, allowedCountries: Countries): PhoneResult {
  const subscriber = TAIWAN_MOBILE.exec(number)?.[1]
  if (subscriber !== undefined) return allow(`+886${subscriber}`, 'TW', allowedCountries)

  if (number === '') return invalid('The phone number is empty.')
  if (!/^\+?\d+$/.test(number)) {
    return invalid('Write the phone number with digits, blanks, dashes and one + in front only.')
  }
  if (number.startsWith('00')) {
    return invalid('Write + and the country code, without an international dialling prefix.')
  }
  if (TAIWAN_PREFIX.test(number)) return invalid(explainTaiwan(number))
  if (!number.startsWith('+')) return invalid(explainWithoutPlus(number))
  if (TWILIO_MAGIC.test(number)) return allow(number, 'US', allowedCountries)

  const foreign = readForeignPhone(number)
  if (foreign === undefined) {
    return invalid('This is not a mobile number of its country: check the country code and digits.')
  }
  return allow(foreign.e164, foreign.country, allowedCountries)
}

function clean(input: string): string {
  return input
    .replace(FULL_WIDTH_ASCII, (char) =>
      String.fromCharCode(char.charCodeAt(0) - FULL_WIDTH_OFFSET),
    )
    .replace(SEPARATORS, '')
}

function allow(e164: string, country: string, allowedCountries: Countries): PhoneResult {
  if (allowedCountries !== 'any' && !allowedCountries.includes(country)) {
    const allowed = allowedCountries.join(', ')
    const detail = `Numbers of ${country} are not allowed: use one of ${allowed}, or have SMS_ALLOWED_COUNTRIES extended.`
    return { kind: 'refused', code: 'country-not-allowed', detail }
  }
  const phone = Phone.safeParse(e164)
  if (!phone.success) return invalid('A number in E.164 is + and 7 to 15 digits.')
  return { kind: 'ok', phone: phone.data, country }
}

function explainTaiwan(number: string): string {
  return TAIWAN_LANDLINE.test(number)
    ? 'A Taiwan landline or service number cannot receive a text: use a mobile number, 09 and eight digits.'
    : 'A Taiwan mobile number is 09 and eight digits, or +886 9 and eight digits.'
}

function explainWithoutPlus(number: string): string {
  return /^9\d{8}$/.test(number)
    ? 'The leading 0 is missing, as spreadsheets drop it: write 09 and eight digits.'
    : 'Begin a number outside Taiwan with + and its country code.'
}

function invalid(detail: string): PhoneResult {
  return { kind: 'refused', code: 'phone-invalid', detail }
}

/** The form that Taiwan's carriers take: `+886912345678` is `0912345678`; a foreign number stays as it is. */
export function toLocalTaiwan(phone: Phone): string {
  return phone.startsWith('+886') ? `0${phone.slice(4)}` : phone
}
