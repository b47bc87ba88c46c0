import { expect, test } from '@jest/globals'
import type { DoubtPolicies } from './in-doubt-policy.ts'
import { DEFAULT_DOUBT_POLICIES, doubtPolicyOf, lookUpAt } from './in-doubt-policy.ts'

test.each<[string, DoubtPolicies, 'hold' | 'failover']>([
  ['otp', DEFAULT_DOUBT_POLICIES, 'failover'],
  ['emergency', DEFAULT_DOUBT_POLICIES, 'failover'],
  ['promotion', DEFAULT_DOUBT_POLICIES, 'hold'],
  ['otp', { '*': 'failover', otp: 'hold' }, 'hold'],
  ['promotion', { '*': 'failover', otp: 'hold' }, 'failover'],
  ['promotion', {}, 'hold'],
  // A message type may be named like what every object has.
  ['constructor', { '*': 'failover' }, 'failover'],
  ['constructor', {}, 'hold'],
])('for %s in %j: %s', (messageType, policies, policy) => {
  expect(doubtPolicyOf(policies, messageType)).toBe(policy)
})

test('the provider is asked five and twenty seconds after the doubt began, and no third time', () => {
  const doubtedAt = new Date('2025-11-22T08:00:00Z')
  const asked = [0, 1, 2].map((checks) => lookUpAt(doubtedAt, checks)?.toISOString())
  expect(asked).toEqual(['2025-11-22T08:00:05.000Z', '2025-11-22T08:00:20.000Z', undefined])
})
