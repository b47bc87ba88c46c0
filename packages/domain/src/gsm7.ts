/** GSM 03.38 basic table, in the order of its codes 0x00 to 0x7f without the escape at 0x1b. One septet each. */
export const GSM7_BASIC =
  '@£$¥èéùìòÇ\nØø\rÅå' +
  'Δ_ΦΓΛΩΠΨΣΘΞÆæßÉ' +
  ' !"#¤%&\'()*+,-./0123456789:;<=>?' +
  '¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§' +
  '¿abcdefghijklmnopqrstuvwxyzäöñüà'

/** GSM 03.38 extension table: an escape and a code, so two septets each. */
export const GSM7_EXTENSION = '\f^{}\\[~]|€'

/** Septets by UTF-16 code unit; 0 is "not in GSM-7". The euro sign is the highest of them all. */
const WEIGHTS = new Uint8Array('€'.charCodeAt(0) + 1)
for (const char of GSM7_BASIC) WEIGHTS[char.charCodeAt(0)] = 1
for (const char of GSM7_EXTENSION) WEIGHTS[char.charCodeAt(0)] = 2

/** Septets of one UTF-16 code unit: 1, 2, or 0 where GSM-7 does not have it. */
export function weightOf(codeUnit: number): number {
  return codeUnit < WEIGHTS.length ? (WEIGHTS[codeUnit] ?? 0) : 0
}

/** `undefined` when GSM-7 cannot carry the text. */
export function septets(text: string): number | undefined {
  let total = 0
  for (let index = 0; index < text.length; index++) {
    const weight = weightOf(text.charCodeAt(index))
    if (weight === 0) return undefined
    total += weight
  }
  return total
}

export function isGsm7(text: string): boolean {
  return septets(text) !== undefined
}

/** What turns a text into UCS-2: each character once, in the order of appearance. */
export function nonGsmCharacters(text: string): string[] {
  return [...new Set(text)].filter((char) => weightOf(char.codePointAt(0) ?? 0) === 0)
}
