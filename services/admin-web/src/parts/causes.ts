import { useWords } from '../i18n/words.ts'
import { causeWords } from './cause-words.ts'

export interface Cause {
  provider: string | null | undefined
  code: string | null | undefined
  /** In the API's words. */
  detail: string | null | undefined
}

/** Why something failed, in the reader's language where we have it; undefined where nobody says. */
export function useCause(): (cause: Cause) => string | undefined {
  const words = useWords(causeWords)
  return ({ provider, code, detail }) =>
    words[causeKey(provider ?? null, code ?? null)] ??
    (detail == null ? undefined : toSentence(detail))
}

/** Where its sentence is found: a provider's code means nothing without the provider. */
export function causeKey(provider: string | null, code: string | null): string {
  return provider === null || !/^\d+$/.test(code ?? '') ? (code ?? '') : `${provider}:${code ?? ''}`
}

/** The API's words for a code, as a sentence: it writes `the number is not valid`. */
export function toSentence(detail: string): string {
  const text = detail.trim()
  const first = text.charAt(0).toUpperCase() + text.slice(1)
  return /[.!?。]$/.test(first) ? first : `${first}.`
}
