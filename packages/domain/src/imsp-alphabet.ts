/**
 * What Chunghwa's IMSP carries safely as Latin text (dcs 3): it mixes ISO-8859-1 with GSM's escapes, so `@`, `$`, `_`
 * and accents may arrive as something else (providers.md, 1.1). The tenth escape, `1B0A`, is left out: the manual calls
 * it a line feed, GSM a form feed. Any other text goes as UTF-16 (dcs 8).
 */
const IMSP_LATIN = /^[A-Za-z0-9 \r\n.,:;!?'"()+\-*/=<>%&#^{}\\[~\]|€]*$/

/** Such a text also fits GSM-7, with the same weights: split it with `encoding: 'GSM-7'`, any other with `'UCS-2'`. */
export function isImspLatin(text: string): boolean {
  return IMSP_LATIN.test(text)
}
