import { useWords } from '../i18n/words.ts'
import { causeWords } from './cause-words.ts'

interface Coded {
  provider?: string | null | undefined
  code?: string | null | undefined
}

/** What a code means, in the reader's language where we have it. */
export function useMeaning(): (coded: Coded) => string | undefined {
  const words = useWords(causeWords)
  return ({ provider, code }) => words[causeKey(provider ?? null, code ?? null)]
}

/** Why something failed: what its code means, or else the API's own words; undefined where nobody says. */
export function useCause(): (
  cause: Coded & { detail?: string | null | undefined },
) => string | undefined {
  const toMeaning = useMeaning()
  return ({ detail, ...coded }) =>
    toMeaning(coded) ?? (detail == null ? undefined : toSentence(detail))
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
