import { expect, test } from '@jest/globals'
import { attemptWords } from './attempt-words.ts'
import { explainAttempt } from './explain-attempt.ts'

type Attempt = Parameters<typeof explainAttempt>[0]
const AT = '2026-11-22T00:00:00.000Z'

function build(changes: Partial<Attempt>): Attempt {
  return {
    number: 1,
    provider: 'twilio',
    state: 'accepted',
    opened_at: AT,
    settled_at: AT,
    error_code: null,
    error_detail: null,
    check_at: null,
    checks: 0,
    plan: null,
    outages: [],
    ...changes,
  }
}
const outage = { provider: 'chunghwa', state: 'open', reason: '5 failures', at: AT } as const
const plan = { preferred: 'twilio', reason: 'it delivers more', at: AT }

test.each<[string, Partial<Attempt>, Partial<Attempt> | undefined, string[]]>([
  ['the order, where nothing else is known', {}, undefined, ['By the order that is set']],
  ['the plan that prefers it', { plan }, undefined, ['Smart routing: it delivers more']],
  [
    'no plan that prefers another',
    { plan: { ...plan, preferred: 'chunghwa' } },
    undefined,
    ['By the order that is set'],
  ],
  [
    'the failure before it, and who was not used',
    { number: 2, outages: [outage] },
    { provider: 'chunghwa', state: 'unreachable' },
    ['after chunghwa: not reachable', 'chunghwa was not used: 5 failures'],
  ],
  [
    'nothing of an attempt at the same provider',
    { number: 2 },
    { state: 'throttled' },
    ['By the order that is set'],
  ],
])('tells %s', (_name, changes, before, expected) => {
  const previous = before && build(before)
  expect(explainAttempt(build(changes), previous, attemptWords.en)).toEqual(expected)
})
