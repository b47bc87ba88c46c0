export type SheetPhone = { kind: 'ok'; phone: string } | { kind: 'rounded' }

const ROUNDED = /^\+?\d+(?:[.,]\d+)?e\+?\d+$/i
const AS_FORMULA = /^="(.*)"$/
const AS_DECIMAL = /^(\+?\d+)\.0+$/
/** What stands before it keeps a spreadsheet from reading a value as a number or a formula. */
const APOSTROPHE = /^['’](?=[-+=@\d])/

/** A value as it was typed, without what spreadsheets put round it. */
export function readSheetValue(text: string): string {
  const value = text.trim()
  return (AS_FORMULA.exec(value)?.[1] ?? value).replace(APOSTROPHE, '')
}

/**
 * A number as it was before a spreadsheet took it for one: the lost zero of 09 comes back, and one that was rounded
 * (8.86912E+11) says so, for its digits are gone.
 */
export function readSheetPhone(text: string): SheetPhone {
  const value = readSheetValue(text)
  if (ROUNDED.test(value)) return { kind: 'rounded' }
  const whole = AS_DECIMAL.exec(value)?.[1] ?? value
  return { kind: 'ok', phone: /^9\d{8}$/.test(whole) ? `0${whole}` : whole }
}
