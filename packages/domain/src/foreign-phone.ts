// The mobile metadata: fixed lines cannot receive texts, and the full set is half as large again.
import parsePhoneNumber from 'libphonenumber-js/mobile'

export interface ForeignPhone {
  e164: string
  /** ISO 3166-1 alpha-2, or a name for a number that belongs to no country (satellite, toll-free). */
  country: string
}

/** `undefined` unless it is a valid mobile number, `+` and digits only. */
export function readForeignPhone(number: string): ForeignPhone | undefined {
  const parsed = parsePhoneNumber(number)
  if (!parsed?.isValid()) return undefined
  return { e164: parsed.number, country: parsed.country ?? 'no single country' }
}
