/** `+886912345678` is `+886912***678`: enough to know it again, too little to write to. */
export function maskPhone(number: string): string {
  const shown = Math.max(0, Math.min(7, number.length - 6))
  return `${number.slice(0, shown)}***${number.slice(-3)}`
}

/** `%2B` is a `+` in a form. Within a word or an id it is none. */
export const ANY_NUMBER =
  /(?<![A-Za-z0-9])(?:\+|%2B)[1-9]\d{6,14}(?!\d)|(?<![\w+-])(?:8860?|0)9\d{8}(?![\w-])/gi

const DIGIT = /\p{Nd}/u
/** Where a code may stand: what has capitals, so not the Chinese round it. A pattern that asks for the digit too is quadratic. */
const WORD = /[\p{Lu}\p{Ll}\p{Lt}\p{Lm}\p{Nd}]+/gu

/** A text, or a piece of one, of whatever form: every number that is written as one is masked. */
export function maskText(text: string): string {
  return text.replace(ANY_NUMBER, maskPhone)
}

/** Without whatever may be a code: the words with a digit. */
export function hideCodes(text: string): string {
  return text.replace(WORD, (word) => (DIGIT.test(word) ? '*'.repeat(word.length) : word))
}

/** What has none shows neither a number nor a code. */
export function hasDigit(text: string): boolean {
  return DIGIT.test(text)
}
