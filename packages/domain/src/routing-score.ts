import type { MilliTwd } from './money.ts'
import type { ProviderName } from './provider.ts'

/** What a minute showed of a provider. What a bad number or text got is nobody's merit or fault, and is not in it. */
export interface ProviderMinute {
  provider: ProviderName
  minute: Date
  taken: number
  /** Unreachable, in doubt, throttled, or refused for the provider's own reasons. */
  failed: number
  delivered: number
  undelivered: number
  latencyMsSum: number
}

export interface ProviderScore {
  provider: ProviderName
  /** The share of messages that reach a handset, as far as is known: the mean, and what it is at least. */
  rate: number
  rateAtLeast: number
  /** Submissions that speak, newer ones more. */
  evidence: number
  latencyMs: number
  /** What its price and slowness take from its rate. */
  penalty: number
  /** The rate without the penalty's share: what is compared. */
  score: number
  scoreAtLeast: number
}

/** After so long a minute counts half. */
const HALF_LIFE_MS = 60_000
/** Fewer receipts say nothing of a provider that has many to come. */
const MIN_RECEIPTS = 30
const UNTOLD = { mean: 1, low: 1 }
/** Nothing is known of a new provider: as if so many had gone, nearly all well. */
const PRIOR = { weight: 10, rate: 0.95 }
/** 95 %, one-sided. */
const Z = 1.645
/** A provider of twice the price must deliver a tenth more. */
const PRICE_WEIGHT = 0.1
/** Ten seconds for an answer are worth a tenth of the rate. */
const LATENCY_WEIGHT = 0.1
const LATENCY_LIMIT_MS = 10_000

/** Pure, so that every decision can be made again from what is stored with it. */
export function scoreProvider(
  provider: ProviderName,
  minutes: readonly ProviderMinute[],
  { price, cheapest, now }: { price: MilliTwd; cheapest: MilliTwd; now: Date },
): ProviderScore {
  const own = minutes.filter((minute) => minute.provider === provider)
  const sum = (pick: (minute: ProviderMinute) => number) =>
    own.reduce((total, minute) => total + pick(minute) * weightOf(minute, now), 0)
  const taken = sum((minute) => minute.taken)
  const evidence = taken + sum((minute) => minute.failed)
  const taking = bound(taken, evidence)
  const delivered = sum((minute) => minute.delivered)
  const told = delivered + sum((minute) => minute.undelivered)
  const delivery = told < MIN_RECEIPTS ? UNTOLD : bound(delivered, told)
  const latencyMs = evidence === 0 ? 0 : sum((minute) => minute.latencyMsSum) / evidence
  const dearer = cheapest === 0 ? 0 : (price - cheapest) / cheapest
  const slowness = Math.min(latencyMs, LATENCY_LIMIT_MS) / LATENCY_LIMIT_MS
  const penalty = PRICE_WEIGHT * dearer + LATENCY_WEIGHT * slowness
  const rate = taking.mean * delivery.mean
  const rateAtLeast = taking.low * delivery.low
  return {
    provider,
    rate,
    rateAtLeast,
    evidence,
    latencyMs: Math.round(latencyMs),
    penalty,
    score: rate - penalty,
    scoreAtLeast: rateAtLeast - penalty,
  }
}

function weightOf({ minute }: ProviderMinute, now: Date): number {
  return 0.5 ** (Math.max(0, now.getTime() - minute.getTime()) / HALF_LIFE_MS)
}

/** The mean with the prior in it, and Wilson's lower bound of it (Wilson, JASA 22, 1927). */
function bound(good: number, all: number): { mean: number; low: number } {
  const n = all + PRIOR.weight
  const mean = (good + PRIOR.weight * PRIOR.rate) / n
  const spread = Z * Math.sqrt((mean * (1 - mean) + (Z * Z) / (4 * n)) / n)
  return { mean, low: Math.max(0, (mean + (Z * Z) / (2 * n) - spread) / (1 + (Z * Z) / n)) }
}
