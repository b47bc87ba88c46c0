/** Where a part belongs, from its user-data header. */
export interface PartPosition {
  reference: string
  total: number
  number: number
}

/** What one SubmitSM request carries, decoded. */
export type ImspContent =
  | { kind: 'refused'; code: number }
  | { kind: 'single'; text: string }
  | { kind: 'part'; position: PartPosition; text: string }

const UNESCAPED: Readonly<Record<string, string>> = {
  '0a': '\n',
  14: '^',
  28: '{',
  29: '}',
  '2f': '\\',
  '3c': '[',
  '3d': '~',
  '3e': ']',
  40: '|',
  65: '€',
}

const MAX_HEX: Readonly<Record<string, number>> = { 1: 320, 3: 320, 8: 280 }
const MAX_BIG5_BYTES = 140
const MAX_ASCII = 160

const ASCII = /^[\x00-\x7f]*$/
/** What the decoder makes of bytes that Big5 does not have: its private area, mostly. */
const NOT_BIG5 = /[\x80-\x9f\ue000-\uf8ff\ufffd]/
const UDH_8_BIT = /^050003(..)(..)(..)/
const UDH_16_BIT = /^060804(....)(..)(..)/

/** `rawMessage` is percent-encoded still: what its bytes mean depends on the dcs. */
export function readContent(dcs: string, udhi: boolean, rawMessage: string): ImspContent {
  if (dcs === '0') return readBig5(rawMessage)
  const limit = MAX_HEX[dcs]
  const hex = rawMessage.toLowerCase()
  if (limit === undefined || hex === '' || !/^([0-9a-f]{2})+$/.test(hex)) {
    return { kind: 'refused', code: 11 }
  }
  if (hex.length > limit) return { kind: 'refused', code: 20 }
  const decode = dcs === '8' ? decodeUtf16 : decodeLatin
  return udhi ? readPart(hex, decode) : { kind: 'single', text: decode(hex) }
}

function readPart(hex: string, decode: (hex: string) => string): ImspContent {
  const header = UDH_8_BIT.exec(hex) ?? UDH_16_BIT.exec(hex)
  if (header === null) return { kind: 'refused', code: 11 }
  const [udh, reference = '', total = '', number = ''] = header
  return {
    kind: 'part',
    position: { reference, total: Number.parseInt(total, 16), number: Number.parseInt(number, 16) },
    text: decode(hex.slice(udh.length)),
  }
}

function readBig5(rawMessage: string): ImspContent {
  const bytes = percentDecode(rawMessage)
  const text = new TextDecoder('big5').decode(bytes)
  const isTooLong = bytes.length > (ASCII.test(text) ? MAX_ASCII : MAX_BIG5_BYTES)
  if (NOT_BIG5.test(text)) return { kind: 'refused', code: 5 }
  return isTooLong ? { kind: 'refused', code: 20 } : { kind: 'single', text }
}

function percentDecode(raw: string): Buffer {
  const latin = raw
    .replaceAll('+', ' ')
    .replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  return Buffer.from(latin, 'latin1')
}

function decodeUtf16(hex: string): string {
  const bytes = Buffer.from(hex, 'hex')
  return bytes.length % 2 === 0 ? bytes.swap16().toString('utf16le') : ''
}

function decodeLatin(hex: string): string {
  return hex.replace(/1b(..)|(..)/g, (_, escaped?: string, plain?: string) =>
    escaped === undefined
      ? String.fromCharCode(Number.parseInt(plain ?? '', 16))
      : (UNESCAPED[escaped] ?? '△'),
  )
}
