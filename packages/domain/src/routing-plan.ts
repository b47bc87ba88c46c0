import type { ProviderName } from './provider.ts'
import type { ProviderScore } from './routing-score.ts'

/** How the messages are shared between the providers, until the next plan. */
export interface RoutingPlan {
  preferred: ProviderName
  /** Of all messages, those that try this provider first; they add up to 1. */
  shares: Partial<Record<ProviderName, number>>
  /** When the preferred one was last changed. */
  since: Date
  /** Another that has looked better, so many times in a row. */
  challenger: { provider: ProviderName; times: number } | null
  reason: string
}

export interface RoutingPolicy {
  /** So much of the traffic goes to those that are not preferred, so that a recovery is noticed. */
  canaryShare: number
  /** A share changes by at most this from plan to plan. */
  step: number
  /** A challenger must be better by this, and for certain... */
  margin: number
  /** ...so many times in a row. */
  confirmations: number
  /** No change so soon after another one, unless the preferred provider falls below `unfit`. */
  dwellMs: number
  unfit: number
  /** The first of the order is preferred where nothing speaks against it: its advantage. */
  homeAdvantage: number
}

export const ROUTING_POLICY: RoutingPolicy = {
  canaryShare: 0.05,
  step: 0.25,
  margin: 0.03,
  confirmations: 3,
  dwellMs: 5 * 60_000,
  unfit: 0.5,
  homeAdvantage: 0.05,
}

/** The next plan. `order`: as configured, the home provider first; those that are switched off are not in it. */
export function planRoutes(
  before: RoutingPlan | undefined,
  scores: readonly ProviderScore[],
  { order, policy, now }: { order: readonly ProviderName[]; policy: RoutingPolicy; now: Date },
): RoutingPlan {
  const [home] = order
  if (home === undefined) throw new Error('there is no provider to plan for')
  const usable = scores.filter(({ provider }) => order.includes(provider))
  const current = before && order.includes(before.preferred) ? before : startAt(home, now)
  const judged = judge(current, usable, { home, policy, now })
  return { ...judged, shares: shift(current, judged.preferred, order, policy) }
}

function startAt(home: ProviderName, now: Date): RoutingPlan {
  const reason = `${home} is the first of the order`
  return { preferred: home, shares: { [home]: 1 }, since: now, challenger: null, reason }
}

interface Circumstances {
  home: ProviderName
  policy: RoutingPolicy
  now: Date
}

function judge(
  current: RoutingPlan,
  scores: readonly ProviderScore[],
  circumstances: Circumstances,
): RoutingPlan {
  const { preferred } = current
  const rate = scores.find(({ provider }) => provider === preferred)?.rate ?? 0
  const best = findBetter(preferred, scores, circumstances)
  if (!best) return { ...current, challenger: null, reason: `${preferred} is as good as any` }

  const { provider } = best
  const facts = `${provider} reaches at least ${percent(best.rateAtLeast)}, ${preferred} ${percent(rate)}`
  const times = current.challenger?.provider === provider ? current.challenger.times + 1 : 1
  const doubt = findDoubt(current, { times, rate }, circumstances)
  if (doubt === undefined) {
    const { now } = circumstances
    return { ...current, preferred: provider, since: now, challenger: null, reason: facts }
  }
  return { ...current, challenger: { provider, times }, reason: `${facts}: ${doubt}` }
}

/** The best of those that are surely better than the preferred one is likely to be. */
function findBetter(
  preferred: ProviderName,
  scores: readonly ProviderScore[],
  { home, policy }: Circumstances,
): ProviderScore | undefined {
  const advantage = (provider: ProviderName) => (provider === home ? policy.homeAdvantage : 0)
  const sureScore = (score: ProviderScore) => score.scoreAtLeast + advantage(score.provider)
  const incumbent = scores.find(({ provider }) => provider === preferred)
  const bar = (incumbent?.score ?? 0) + advantage(preferred) + policy.margin
  return scores
    .filter((score) => score.provider !== preferred && sureScore(score) > bar)
    .toSorted((a, b) => sureScore(b) - sureScore(a))[0]
}

/** Why the change is not made yet. */
function findDoubt(
  { since }: RoutingPlan,
  { times, rate }: { times: number; rate: number },
  { policy, now }: Circumstances,
): string | undefined {
  if (times < policy.confirmations) return `seen ${times} times`
  const isNew = now.getTime() - since.getTime() < policy.dwellMs
  return isNew && rate >= policy.unfit ? 'the last change is too new' : undefined
}

/** Towards the preferred one, step by step; the others keep a canary's share between them. */
function shift(
  { shares }: RoutingPlan,
  preferred: ProviderName,
  order: readonly ProviderName[],
  { canaryShare, step }: RoutingPolicy,
): RoutingPlan['shares'] {
  const others = order.filter((provider) => provider !== preferred)
  if (others.length === 0) return { [preferred]: 1 }
  const known = shares[preferred] ?? 0
  const share = Math.min(1 - canaryShare, known + step)
  const oldRest = others.reduce((sum, provider) => sum + (shares[provider] ?? 0), 0)
  const rest = 1 - share
  const spread = Math.min(canaryShare, rest) / others.length
  const next: RoutingPlan['shares'] = { [preferred]: share }
  for (const provider of others) {
    const held = oldRest === 0 ? 1 / others.length : (shares[provider] ?? 0) / oldRest
    next[provider] = spread + held * (rest - spread * others.length)
  }
  return next
}

function percent(rate: number): string {
  return `${Math.round(rate * 1000) / 10} %`
}
