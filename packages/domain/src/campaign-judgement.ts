/** A share of a campaign that goes first, alone, and shows whether the rest may follow. */
export interface Canary {
  percent: number
  /** So many at least, however small the share would be. */
  atLeast: number
  /** After the last of them was handed over, the rest waits so long for their receipts, and no longer. */
  waitMinutes: number
}

/** Shares from 0 to 1; null judges by that no more. */
export interface HaltThresholds {
  failureRate: number | null
  optOutRate: number | null
  /** Fewer results than these say nothing. */
  minResults: number
}

/** Of one run of a campaign, since it was started or last resumed. */
export interface CampaignResults {
  /** A provider has them, or had; nobody has complained. */
  sent: number
  delivered: number
  /** Failed at every provider, or undelivered. */
  failed: number
  optOuts: number
}

export type CampaignVerdict =
  { kind: 'go' } | { kind: 'halt'; reason: 'failure-rate' | 'opt-out-rate'; detail: string }

export const DEFAULT_THRESHOLDS: HaltThresholds = {
  failureRate: 0.2,
  optOutRate: 0.05,
  minResults: 50,
}

/** From so many recipients on a campaign that says nothing of a canary has one. */
export const CANARY_FROM_RECIPIENTS = 10_000
export const DEFAULT_CANARY: Canary = { percent: 1, atLeast: 100, waitMinutes: 5 }

/** Whether a campaign may go on. A share at its threshold is not over it. */
export function judgeCampaign(
  { sent, delivered, failed, optOuts }: CampaignResults,
  { failureRate, optOutRate, minResults }: HaltThresholds,
): CampaignVerdict {
  // One that was sent counts as good until its receipt says otherwise: receipts of failures come no sooner than others.
  const results = sent + delivered + failed
  if (results < minResults) return { kind: 'go' }
  if (failureRate !== null && failed / results > failureRate) {
    const detail = `${failed} of ${results} failed: over ${toPercent(failureRate)}`
    return { kind: 'halt', reason: 'failure-rate', detail }
  }
  if (optOutRate !== null && optOuts / results > optOutRate) {
    const detail = `${optOuts} of ${results} opted out: over ${toPercent(optOutRate)}`
    return { kind: 'halt', reason: 'opt-out-rate', detail }
  }
  return { kind: 'go' }
}

export function sizeOfCanary({ percent, atLeast }: Canary, recipients: number): number {
  return Math.min(recipients, Math.max(atLeast, Math.ceil((recipients * percent) / 100)))
}

export interface CanaryFacts extends CampaignResults {
  /** Whether nobody of the canary waits for a provider any more. */
  allHandedOver: boolean
  /** Of the canary those who were sent a message. */
  handed: number
  handedOverAt: Date | null
}

/** Whether the canary has told what it can: nearly all its results are in, or they were waited for long enough. */
export function isCanaryOver(
  { waitMinutes }: Canary,
  { allHandedOver, handed, delivered, failed, handedOverAt }: CanaryFacts,
  now: Date,
): boolean {
  if (!allHandedOver) return false
  if (delivered + failed >= handed * ENOUGH_RECEIPTS) return true
  return handedOverAt !== null && now.getTime() - handedOverAt.getTime() >= waitMinutes * MINUTE
}

/** A few handsets are always switched off. */
const ENOUGH_RECEIPTS = 0.9
const MINUTE = 60_000

function toPercent(share: number): string {
  return `${Number((share * 100).toFixed(2))} %`
}
