import type { ProviderName } from './provider.ts'

export interface RoutingFacts {
  /** In order of preference: primary, then fallbacks; only those that are on. */
  candidates: readonly ProviderName[]
  /** Tried since the message was taken up. */
  tried: readonly ProviderName[]
  /** Of the newest attempt, when the message was taken up. */
  last: ProviderName | null
  /** That attempt turned out never to have reached its provider: it is the first choice again. */
  lastWasAbsent: boolean
  /** It has taken a part of the text: nobody else may have the rest. */
  pinned: ProviderName | null
}

/** The providers still to try, best first: another one than the last whenever there is one. */
export function orderProviders(facts: RoutingFacts): ProviderName[] {
  const { candidates, tried, last, lastWasAbsent, pinned } = facts
  const left = candidates.filter((name) => !tried.includes(name))
  if (pinned) return left.filter((name) => name === pinned)
  if (last === null || tried.length > 0) return left
  const rest = left.filter((name) => name !== last)
  if (rest.length === left.length) return left
  return lastWasAbsent ? [last, ...rest] : [...rest, last]
}
