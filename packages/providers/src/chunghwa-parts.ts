import type { MessageId } from '@sms-gateway/domain/ids'
import { isImspLatin } from '@sms-gateway/domain/imsp-alphabet'
import { splitText } from '@sms-gateway/domain/segments'

export interface ChunghwaPart {
  dcs: 3 | 8
  /** Whether `hex` begins with a user-data header. */
  udhi: 0 | 1
  hex: string
}

/** GSM's escapes, which dcs 3 writes as 1B and a code; every other character is ISO-8859-1. */
const ESCAPES: Readonly<Record<string, string>> = {
  '^': '1B14',
  '{': '1B28',
  '}': '1B29',
  '\\': '1B2F',
  '[': '1B3C',
  '~': '1B3D',
  ']': '1B3E',
  '|': '1B40',
  '€': '1B65',
}

/** Never dcs 0: Big5 cannot carry every Chinese character, and the libraries disagree on which. */
export function splitForChunghwa(text: string): string[] {
  return splitText(text, { encoding: isImspLatin(text) ? 'GSM-7' : 'UCS-2' })
}

/**
 * The handset puts parts together by their reference: it is taken from the random end of the message's id, so it is
 * the same when one part is sent again and changes from message to message.
 */
export function toChunghwaParts(text: string, messageId: MessageId): ChunghwaPart[] {
  const dcs = isImspLatin(text) ? 3 : 8
  const toHex = dcs === 3 ? toLatinHex : toUtf16Hex
  const texts = splitForChunghwa(text)
  if (texts.length === 1) return [{ dcs, udhi: 0, hex: toHex(text) }]
  const reference = messageId.slice(-2).toUpperCase()
  return texts.map((part, index) => ({
    dcs,
    udhi: 1,
    hex: `050003${reference}${byteHex(texts.length)}${byteHex(index + 1)}${toHex(part)}`,
  }))
}

function toLatinHex(text: string): string {
  return Array.from(text, (char) => ESCAPES[char] ?? byteHex(char.charCodeAt(0))).join('')
}

function toUtf16Hex(text: string): string {
  return Buffer.from(text, 'utf16le').swap16().toString('hex').toUpperCase()
}

function byteHex(value: number): string {
  return value.toString(16).toUpperCase().padStart(2, '0')
}
