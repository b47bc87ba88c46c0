import { z } from 'zod'

export const DoubtPolicy = z.enum(['hold', 'failover'])
export type DoubtPolicy = z.infer<typeof DoubtPolicy>

/** By message type; `*` is every other one. */
export const DoubtPolicies = z.record(z.string(), DoubtPolicy)
export type DoubtPolicies = z.infer<typeof DoubtPolicies>

export const DEFAULT_DOUBT_POLICIES: DoubtPolicies = {
  otp: 'failover',
  emergency: 'failover',
  '*': 'hold',
}

export function doubtPolicyOf(policies: DoubtPolicies, messageType: string): DoubtPolicy {
  // A message type may be named like what every object has: `constructor`.
  const own = Object.hasOwn(policies, messageType) ? policies[messageType] : undefined
  return own ?? policies['*'] ?? 'hold'
}

/** When a provider that can be asked is asked: after its answer, or the time-out where none came (contract.md, 6). */
const LOOK_UP_AFTER_MS = [5_000, 20_000] as const

/** When to ask for the `checks`-th time (from 0); `undefined` when it was asked often enough to say "absent". */
export function lookUpAt(doubtedAt: Date, checks: number): Date | undefined {
  const afterMs = LOOK_UP_AFTER_MS[checks]
  return afterMs === undefined ? undefined : new Date(doubtedAt.getTime() + afterMs)
}
