import { fc, test as property } from '@fast-check/jest'
import { describe, expect, test } from '@jest/globals'
import type { AttemptEnding } from './attempt-result.ts'
import { isCounted, isPermanent } from './attempt-result.ts'
import type { AttemptContext, DispatchPolicy, NextStep } from './decide-next.ts'
import { decideNext } from './decide-next.ts'
import { DEFAULT_DOUBT_POLICIES } from './in-doubt-policy.ts'

/** A longer wait frees the worker's slot. */
const SHORT_WAIT_MS = 1_000
const NOW = new Date('2025-11-22T08:00:00Z')
const policy: DispatchPolicy = {
  retry: { maxAttempts: 3, baseMs: 4_000, maxMs: 30_000 },
  doubt: DEFAULT_DOUBT_POLICIES,
}
const context: AttemptContext = {
  messageType: 'order_confirmation',
  expiresAt: inMs(3_600_000),
  attempts: 1,
  countedAttempts: 1,
  providersLeft: 1,
  canLookUp: false,
  partsTaken: false,
  now: NOW,
  random: 0.5,
}
const why = { code: '42', detail: 'because' }
const taken = [{ part: 1, reference: 'a' }]
const refused = (reason: 'number' | 'text' | 'opted-out' | 'provider' | 'submission') =>
  ({ kind: 'refused', reason, ...why }) as const
const throttled = { kind: 'throttled', ...why } as const
const unreachable = { kind: 'unreachable', ...why } as const
const inDoubt = { kind: 'in_doubt', taken: [], ...why } as const

const GO_ON: NextStep = { kind: 'next', afterMs: 0, newRound: false, possibleDuplicate: false }
const FAIL: NextStep = { kind: 'fail', error: why }
const INCOMPLETE: NextStep = { kind: 'incomplete', error: why }
const HOLD: NextStep = { kind: 'doubt', checkAt: null, error: why }
const EXPIRE: NextStep = { kind: 'expire' }
const parkFor = (ms: number, reason: string): NextStep => ({
  kind: 'park',
  until: inMs(ms),
  reason,
  possibleDuplicate: false,
})

interface Case {
  when: string
  result: AttemptEnding
  given?: Partial<AttemptContext>
  then: NextStep
}

const cases: Case[] = [
  { when: 'it was accepted', result: { kind: 'accepted', taken }, then: { kind: 'sent' } },
  ...(['number', 'text', 'opted-out'] as const).flatMap((reason): Case[] => [
    { when: `refused for good (${reason})`, result: refused(reason), then: FAIL },
    {
      when: `refused for good (${reason}), with parts out`,
      result: refused(reason),
      given: { partsTaken: true },
      then: INCOMPLETE,
    },
  ]),
  ...(['provider', 'submission'] as const).flatMap((reason): Case[] => [
    { when: `refused (${reason}), another is left`, result: refused(reason), then: GO_ON },
    {
      when: `refused (${reason}) once too often`,
      result: refused(reason),
      given: { countedAttempts: 3 },
      then: FAIL,
    },
    {
      when: `refused (${reason}) once too often, with parts out`,
      result: refused(reason),
      given: { countedAttempts: 3, partsTaken: true },
      then: INCOMPLETE,
    },
    {
      when: `refused (${reason}), nobody is left`,
      result: refused(reason),
      given: { providersLeft: 0 },
      then: parkFor(2_000, 'every provider refused it'),
    },
  ]),
  { when: 'throttled, another is left', result: throttled, then: GO_ON },
  {
    when: 'throttled, nobody is left',
    result: throttled,
    given: { providersLeft: 0 },
    then: parkFor(2_000, 'every provider is at its limit'),
  },
  {
    when: 'throttled, and the provider says for how long',
    result: { ...throttled, retryAfterMs: 90_000 },
    given: { providersLeft: 0 },
    then: parkFor(90_000, 'every provider is at its limit'),
  },
  {
    when: 'throttled until after its end',
    result: { ...throttled, retryAfterMs: 3_600_000 },
    given: { providersLeft: 0 },
    then: EXPIRE,
  },
  {
    when: 'throttled however often: that ends with its time alone',
    result: throttled,
    given: { providersLeft: 0, attempts: 50, countedAttempts: 3 },
    then: parkFor(15_000, 'every provider is at its limit'),
  },
  {
    when: 'throttled, with parts out: the others are no way out',
    result: throttled,
    given: { partsTaken: true, providersLeft: 1 },
    then: parkFor(2_000, 'every provider is at its limit'),
  },
  {
    when: 'the wait is short: the same worker goes on with all of them',
    result: throttled,
    given: { providersLeft: 0, random: 0.25 },
    then: { ...GO_ON, afterMs: SHORT_WAIT_MS, newRound: true },
  },
  {
    when: 'the wait is short, but its end is nearer',
    result: throttled,
    given: { providersLeft: 0, random: 0.25, expiresAt: inMs(SHORT_WAIT_MS) },
    then: EXPIRE,
  },
  { when: 'unreachable, another is left', result: unreachable, then: GO_ON },
  {
    when: 'unreachable, nobody is left, for the third time',
    result: unreachable,
    given: { providersLeft: 0, attempts: 3, countedAttempts: 0 },
    then: parkFor(8_000, 'no provider can be reached'),
  },
  {
    when: 'it was not sent in time',
    result: { kind: 'unsent' },
    then: parkFor(0, 'not sent in time'),
  },
  {
    when: 'it was not sent in time, and its end has come',
    result: { kind: 'unsent' },
    given: { expiresAt: NOW },
    then: EXPIRE,
  },
  {
    when: 'a part was taken and the rest throttled, though another is left',
    result: { kind: 'partial', taken, rest: throttled },
    then: parkFor(2_000, 'every provider is at its limit'),
  },
  {
    when: 'a part was taken and the rest refused for good',
    result: { kind: 'partial', taken, rest: refused('text') },
    then: INCOMPLETE,
  },
  {
    when: 'a part was taken and the rest not sent in time',
    result: { kind: 'partial', taken, rest: { kind: 'unsent' } },
    then: parkFor(0, 'not sent in time'),
  },
  {
    when: 'in doubt, and the provider can be asked',
    result: inDoubt,
    given: { canLookUp: true, messageType: 'otp' },
    then: { kind: 'doubt', checkAt: inMs(5_000), error: why },
  },
  { when: 'in doubt, and the policy is to hold', result: inDoubt, then: HOLD },
  {
    when: 'in doubt, and the policy is to fail over',
    result: inDoubt,
    given: { messageType: 'otp' },
    then: { ...GO_ON, possibleDuplicate: true },
  },
  {
    when: 'in doubt, with nobody to fail over to',
    result: inDoubt,
    given: { messageType: 'otp', providersLeft: 0 },
    then: HOLD,
  },
  {
    when: 'in doubt, with parts out',
    result: inDoubt,
    given: { messageType: 'otp', partsTaken: true },
    then: HOLD,
  },
  {
    when: 'absent',
    result: { kind: 'absent' },
    then: parkFor(0, 'the provider never got it'),
  },
  {
    when: 'absent, once too often',
    result: { kind: 'absent' },
    given: { countedAttempts: 3 },
    then: {
      kind: 'fail',
      error: { code: 'attempts-exhausted', detail: 'no attempt reached a provider' },
    },
  },
  {
    when: 'absent, and its end has come',
    result: { kind: 'absent' },
    given: { expiresAt: NOW },
    then: EXPIRE,
  },
]

describe('what happens after an attempt', () => {
  test.each(cases)('$when: $then.kind', ({ result, given, then }) => {
    expect(decideNext(result, policy, { ...context, ...given })).toEqual(then)
  })
})

const facts = { code: fc.constant('42'), detail: fc.constant('because') }
const notTaken = fc.oneof(
  fc.record({
    kind: fc.constant('refused' as const),
    reason: fc.constantFrom('number', 'text', 'opted-out', 'provider', 'submission'),
    ...facts,
  }),
  fc.record(
    { kind: fc.constant('throttled' as const), retryAfterMs: fc.nat(10_000_000), ...facts },
    { requiredKeys: ['kind', 'code', 'detail'] },
  ),
  fc.record({ kind: fc.constant('unreachable' as const), ...facts }),
  fc.record({ kind: fc.constant('unsent' as const) }),
)
const ending: fc.Arbitrary<AttemptEnding> = fc.oneof(
  notTaken,
  fc.record({ kind: fc.constant('partial' as const), taken: fc.constant(taken), rest: notTaken }),
  fc.record({
    kind: fc.constant('in_doubt' as const),
    taken: fc.constantFrom(taken, []),
    ...facts,
  }),
  fc.constantFrom({ kind: 'absent' } as const, { kind: 'accepted', taken } as const),
)
const anyContext = fc
  .record({
    messageType: fc.constantFrom('otp', 'promotion', 'constructor', '__proto__'),
    expiresAfterMs: fc.integer({ min: -10_000, max: 100_000 }),
    attempts: fc.integer({ min: 1, max: 1_000 }),
    countedAttempts: fc.nat(6),
    providersLeft: fc.nat(2),
    canLookUp: fc.boolean(),
    partsTaken: fc.boolean(),
    random: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  })
  .map(({ expiresAfterMs, ...rest }) => ({ ...rest, now: NOW, expiresAt: inMs(expiresAfterMs) }))
const anyPolicy = fc.record({
  retry: fc.record({
    maxAttempts: fc.integer({ min: 1, max: 5 }),
    baseMs: fc.integer({ min: 1, max: 60_000 }),
    maxMs: fc.integer({ min: 1, max: 3_600_000 }),
  }),
  doubt: fc.constantFrom<DispatchPolicy['doubt']>(
    DEFAULT_DOUBT_POLICIES,
    { '*': 'failover' },
    { otp: 'hold' },
    {},
  ),
})

describe('whatever the attempt amounted to', () => {
  property.prop([ending, anyPolicy, anyContext])(
    'another provider is never tried once a part is out',
    (result, given, where) => {
      const step = decideNext(result, given, where)
      const partsOut = where.partsTaken || result.kind === 'partial'
      // A new round begins with the routing, which knows of the pin.
      if (partsOut && step.kind === 'next') expect(step.newRound).toBe(true)
    },
  )

  property.prop([ending, anyPolicy, anyContext])(
    'nothing waits for a time at or past its end',
    (result, given, where) => {
      const step = decideNext(result, given, where)
      if (step.kind === 'park') {
        expect(step.until.getTime()).toBeLessThan(where.expiresAt.getTime())
        expect(step.until.getTime()).toBeGreaterThanOrEqual(NOW.getTime())
      }
      if (step.kind === 'next' && step.afterMs > 0) {
        expect(step.afterMs).toBeLessThanOrEqual(SHORT_WAIT_MS)
        expect(NOW.getTime() + step.afterMs).toBeLessThan(where.expiresAt.getTime())
      }
    },
  )

  property.prop([ending, anyPolicy, anyContext])(
    'a doubt goes on only by policy, where nobody can be asked, and says so',
    (result, given, where) => {
      const step = decideNext(result, given, where)
      const policyOf = Object.hasOwn(given.doubt, where.messageType)
        ? given.doubt[where.messageType]
        : given.doubt['*']
      if (result.kind === 'in_doubt') {
        expect(['next', 'doubt']).toContain(step.kind)
        if (step.kind === 'next') {
          expect([policyOf, where.canLookUp, where.partsTaken]).toEqual(['failover', false, false])
          expect([step.possibleDuplicate, step.newRound]).toEqual([true, false])
        }
      } else if (step.kind === 'next' || step.kind === 'park') {
        expect(step.possibleDuplicate).toBe(false)
      }
    },
  )

  property.prop([ending, anyPolicy, anyContext])(
    'refused once too often, or for good, is the end',
    (result, given, where) => {
      const outcome = result.kind === 'partial' ? result.rest : result
      if (outcome.kind !== 'refused') return
      const isOver = isPermanent(outcome) || where.countedAttempts >= given.retry.maxAttempts
      const step = decideNext(result, given, where)
      if (isOver) expect(['fail', 'incomplete']).toContain(step.kind)
      else expect(['next', 'park', 'expire']).toContain(step.kind)
    },
  )

  property.prop([notTaken, anyPolicy, anyContext])(
    'what does not count never fails a message by its number of attempts',
    (result, given, where) => {
      if (isCounted(result)) return
      const step = decideNext(result, given, { ...where, countedAttempts: 1_000 })
      expect(['next', 'park', 'expire']).toContain(step.kind)
    },
  )

  property.prop([ending, anyPolicy, anyContext])(
    'a message with a part out never simply fails',
    (result, given, where) => {
      // What is absent had one part, and that was never taken.
      if (result.kind === 'absent') return
      const partsOut = where.partsTaken || result.kind === 'partial'
      if (partsOut) expect(decideNext(result, given, where).kind).not.toBe('fail')
    },
  )
})

function inMs(ms: number): Date {
  return new Date(NOW.getTime() + ms)
}
