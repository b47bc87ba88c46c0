import { fc, test as property } from '@fast-check/jest'
import { describe, expect, test } from '@jest/globals'
import type { AttemptEnding, AttemptResult, NotTaken } from './attempt-result.ts'
import { combineOutcomes, isCounted, isPermanent } from './attempt-result.ts'
import type { PartOutcome, RefusalReason, SendOutcome } from './provider.ts'

const why = { code: '42', detail: 'because' }
const refused = (reason: RefusalReason) => ({ kind: 'refused', reason, ...why }) as const
const NOT_TAKEN = {
  unsent: { kind: 'unsent' },
  unreachable: { kind: 'unreachable', ...why },
  throttled: { kind: 'throttled', ...why },
  later: refused('provider'),
  never: refused('text'),
  doubt: { kind: 'in_doubt', ...why },
} as const satisfies Record<string, NotTaken>
const taken = (part: number): PartOutcome => ({
  part,
  outcome: { kind: 'accepted', reference: `r${part}` },
})
const not = (part: number, outcome: SendOutcome): PartOutcome => ({ part, outcome })
const reference = (part: number) => ({ part, reference: `r${part}` })

describe('the parts of an attempt together', () => {
  test.each<[string, PartOutcome[], AttemptResult]>([
    ['one taken', [taken(1)], { kind: 'accepted', taken: [reference(1)] }],
    ['all taken', [taken(1), taken(2)], { kind: 'accepted', taken: [reference(1), reference(2)] }],
    ['one refused', [not(1, NOT_TAKEN.never)], NOT_TAKEN.never],
    ['none sent', [not(1, NOT_TAKEN.unsent), not(2, NOT_TAKEN.unsent)], NOT_TAKEN.unsent],
    [
      'some taken',
      [not(1, NOT_TAKEN.throttled), taken(2)],
      { kind: 'partial', taken: [reference(2)], rest: NOT_TAKEN.throttled },
    ],
    [
      'some taken, one in doubt',
      [taken(1), not(2, NOT_TAKEN.doubt), not(3, NOT_TAKEN.never)],
      { kind: 'in_doubt', taken: [reference(1)], ...why },
    ],
    ['in doubt', [not(1, NOT_TAKEN.doubt)], { kind: 'in_doubt', taken: [], ...why }],
    [
      'refused twice: the one for good says more',
      [not(1, NOT_TAKEN.later), not(2, NOT_TAKEN.never)],
      NOT_TAKEN.never,
    ],
  ])('%s', (_name, outcomes, result) => {
    expect(combineOutcomes(outcomes)).toEqual(result)
  })

  const heavier = [
    ['unreachable', 'unsent'],
    ['throttled', 'unreachable'],
    ['later', 'throttled'],
    ['never', 'later'],
    ['doubt', 'never'],
  ] as const
  test.each(heavier)('%s says more than %s, in either order', (more, less) => {
    const parts = [not(1, NOT_TAKEN[less]), not(2, NOT_TAKEN[more])]
    for (const order of [parts, parts.toReversed()]) {
      expect(combineOutcomes(order)).toMatchObject(NOT_TAKEN[more])
    }
  })

  const outcome = fc.constantFrom<SendOutcome['kind'] | keyof typeof NOT_TAKEN>(
    'accepted',
    'unsent',
    'unreachable',
    'throttled',
    'later',
    'never',
    'doubt',
  )
  property.prop([fc.array(outcome, { minLength: 1, maxLength: 10 })])(
    'keep every part that was taken, and are in doubt if one is',
    (kinds) => {
      const parts = kinds.map((kind, index) =>
        kind in NOT_TAKEN
          ? not(index + 1, NOT_TAKEN[kind as keyof typeof NOT_TAKEN])
          : taken(index + 1),
      )
      const result = combineOutcomes(parts)
      const takenParts = 'taken' in result ? result.taken.map(({ part }) => part) : []
      expect(takenParts).toEqual(
        kinds.flatMap((kind, index) => (kind === 'accepted' ? [index + 1] : [])),
      )
      expect(result.kind === 'in_doubt').toBe(kinds.includes('doubt'))
      expect(result.kind === 'accepted').toBe(kinds.every((kind) => kind === 'accepted'))
    },
  )
})

test.each<[RefusalReason, boolean]>([
  ['number', true],
  ['text', true],
  ['opted-out', true],
  ['provider', false],
  ['submission', false],
])('a refusal for the reason %s is for good: %s', (reason, permanent) => {
  expect(isPermanent(refused(reason))).toBe(permanent)
})

test.each<[AttemptEnding, boolean]>([
  [{ kind: 'accepted', taken: [] }, true],
  [{ kind: 'partial', taken: [], rest: NOT_TAKEN.unsent }, true],
  [NOT_TAKEN.never, true],
  [{ kind: 'in_doubt', taken: [], ...why }, true],
  [NOT_TAKEN.throttled, false],
  [NOT_TAKEN.unreachable, false],
  [NOT_TAKEN.unsent, false],
  [{ kind: 'absent' }, false],
])('%j counts against the maximum: %s', (result, counted) => {
  expect(isCounted(result)).toBe(counted)
})
