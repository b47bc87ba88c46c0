const MAX_LENGTH = 200
/** Line breaks and tabs part words: they become a blank. */
const BREAKS = /[\t\v\f\r\n\u0085\u2028\u2029]+/g
/** Control characters, and format characters that turn text round or hide in it: bidi controls, zero-width, soft hyphen, tags. */
const HIDDEN =
  /[\p{Cc}\u00ad\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0e\ufeff\uffa0\ufff9-\ufffb\u{1d173}-\u{1d17a}\u{e0000}-\u{e0fff}]/gu

/**
 * A value as it may stand in a text: on one line, with nothing hidden in it, and no longer than 200 characters.
 * Emoji keep their variation selector 16, and nothing is cut in the middle of a surrogate pair.
 */
export function cleanValue(value: string): string {
  const visible = value.toWellFormed().replace(BREAKS, ' ').replace(HIDDEN, '')
  const folded = visible.replace(/ {2,}/g, ' ').trim()
  if (folded.length <= MAX_LENGTH) return folded
  return Array.from(folded).slice(0, MAX_LENGTH).join('').trimEnd()
}
