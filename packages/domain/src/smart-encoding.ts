import { isGsm7 } from './gsm7.ts'
import { measureText } from './segments.ts'
import { findLinks } from './text-contacts.ts'

/** Characters that a person would take for their twin. No letter, no digit and no sign that means something of its own. */
const TWINS: readonly (readonly [characters: string, twin: string])[] = [
  ['\u2018\u2019\u201a\u201b\u2032\u2035\u02bc\u02b9`\u00b4\u2039\u203a', "'"],
  ['\u201c\u201d\u201e\u201f\u2033\u2036\u00ab\u00bb\u301d\u301e', '"'],
  ['\u2010\u2011\u2012\u2013\u2014\u2015\u2212', '-'],
  [
    '\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000\t',
    ' ',
  ],
  // Nothing to see: breaks that are only allowed, joiners, byte order marks.
  ['\u00ad\u200b\u200c\u200d\u2060\ufeff', ''],
  ['\u2028\u2029', '\n'],
  ['\u2026', '...'],
  ['\u2022\u2023\u25cf', '*'],
  ['\u2044', '/'],
  // Of the sender identity, where the name itself is Latin.
  ['\u3010', '['],
  ['\u3011', ']'],
]

const FULL_WIDTH_FIRST = 0xff01
const FULL_WIDTH_LAST = 0xff5e
/** From a full-width character to the ASCII one. */
const FULL_WIDTH_SHIFT = 0xfee0

const TWIN_OF = new Map(
  TWINS.flatMap(([characters, twin]) =>
    Array.from(characters, (character): [string, string] => [character, twin]),
  ),
)

export interface Replacement {
  from: string
  to: string
}

export interface SmartEncoding {
  text: string
  segments: number
  savedSegments: number
  /** Each character that is replaced, once. */
  replaced: readonly Replacement[]
}

/**
 * The same text with typographic characters as their GSM-7 twins; `undefined` where that is not worth it or not safe. It
 * is done only when the whole text becomes GSM-7 by it and takes fewer segments, so a text with a Chinese character is
 * never touched, and never when it would make another link or another number of something.
 */
export function smartEncode(text: string): SmartEncoding | undefined {
  const before = measureText(text)
  if (before.encoding === 'GSM-7' || !canBeGsm7(text)) return undefined
  const encoded = Array.from(text, twinOf).join('')
  if (!meansTheSame(text, encoded)) return undefined
  const { segments } = measureText(encoded)
  if (segments >= before.segments) return undefined
  const replaced = [...new Set(text)]
    .map((from) => ({ from, to: twinOf(from) }))
    .filter(({ from, to }) => from !== to)
  return { text: encoded, segments, savedSegments: before.segments - segments, replaced }
}

/** A text with a Chinese character, as nearly every one here, is told by that character alone. */
function canBeGsm7(text: string): boolean {
  for (const character of text) if (!isGsm7(twinOf(character))) return false
  return true
}

function twinOf(character: string): string {
  const twin = TWIN_OF.get(character)
  if (twin !== undefined) return twin
  const code = character.codePointAt(0) ?? 0
  return code >= FULL_WIDTH_FIRST && code <= FULL_WIDTH_LAST
    ? String.fromCodePoint(code - FULL_WIDTH_SHIFT)
    : character
}

/** What people tap or copy stays as it was: a dash in an address is part of it, and digits are not run together. */
function meansTheSame(before: string, after: string): boolean {
  return (
    findLinks(before).links.join('\n') === findLinks(after).links.join('\n') &&
    listNumbers(before).join('\n') === listNumbers(after).join('\n')
  )
}

function listNumbers(text: string): string[] {
  const plain = text.replace(/[\uff10-\uff19]/g, twinOf)
  return plain.match(/\d+/g) ?? []
}
