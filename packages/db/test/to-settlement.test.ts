import { describe, expect, test } from '@jest/globals'
import type { AttemptFacts } from '@sms-gateway/db/to-settlement'
import { toSettlement } from '@sms-gateway/db/to-settlement'
import type { AttemptEnding } from '@sms-gateway/domain/attempt-result'
import type { NextStep } from '@sms-gateway/domain/decide-next'
import { createMessageId } from '@sms-gateway/domain/ids'
import { after, NOW, parkUntil } from './support.ts'

const facts: AttemptFacts = {
  attempt: { messageId: createMessageId(NOW), number: 2 },
  provider: 'chunghwa',
  parts: 2,
  polled: false,
  wasInDoubt: false,
  at: NOW,
}
const taken = [{ part: 1, reference: 'a' }]
const why = { code: '42', detail: 'because' }
const SENT: NextStep = { kind: 'sent' }
const PARK = parkUntil(after(9))

describe('what the database is told of an attempt', () => {
  test.each<[AttemptEnding, boolean]>([
    [{ kind: 'accepted', taken }, true],
    [{ kind: 'partial', taken, rest: { kind: 'unsent' } }, true],
    [{ kind: 'refused', reason: 'provider', ...why }, true],
    [{ kind: 'in_doubt', taken, ...why }, true],
    [{ kind: 'throttled', ...why }, false],
    [{ kind: 'unreachable', ...why }, false],
    [{ kind: 'unsent' }, false],
    [{ kind: 'absent' }, false],
  ])('its state, and whether it counts: %j', (result, counted) => {
    expect(toSettlement(facts, result, PARK)).toMatchObject({
      ...facts.attempt,
      provider: 'chunghwa',
      state: result.kind,
      counted,
      at: NOW,
    })
    // A doubt was counted when it began.
    expect(toSettlement({ ...facts, wasInDoubt: true }, result, PARK).counted).toBe(false)
  })

  test.each<[AttemptEnding, 'chunghwa' | null]>([
    [{ kind: 'accepted', taken }, null],
    [{ kind: 'partial', taken, rest: { kind: 'throttled', ...why } }, 'chunghwa'],
    [{ kind: 'in_doubt', taken, ...why }, 'chunghwa'],
    [{ kind: 'in_doubt', taken: [], ...why }, null],
    [{ kind: 'throttled', ...why }, null],
  ])('where the rest is pinned: %j', (result, pinnedProvider) => {
    expect(toSettlement(facts, result, PARK).change.pinnedProvider).toBe(pinnedProvider)
  })

  test.each<[AttemptEnding, string | null]>([
    [{ kind: 'accepted', taken }, null],
    [{ kind: 'partial', taken, rest: { kind: 'throttled', ...why } }, '42'],
    [{ kind: 'partial', taken, rest: { kind: 'unsent' } }, 'unsent'],
    [{ kind: 'refused', reason: 'text', ...why }, '42'],
    [{ kind: 'unsent' }, 'unsent'],
    [{ kind: 'absent' }, 'absent'],
  ])('its error: %j', (result, code) => {
    expect(toSettlement(facts, result, PARK).error?.code ?? null).toBe(code)
  })

  test('the id of the message at the provider is that of its first part', () => {
    const both = [{ part: 2, reference: 'b' }, ...taken]
    const settlement = toSettlement(facts, { kind: 'accepted', taken: both }, SENT)
    expect(settlement.change.providerMessageId).toBe('a')
    expect(settlement.taken).toEqual([
      { reference: 'b', part: 2, parts: 2, pollAt: null },
      { reference: 'a', part: 1, parts: 2, pollAt: null },
    ])
    const rest = toSettlement(
      facts,
      { kind: 'accepted', taken: [{ part: 2, reference: 'b' }] },
      SENT,
    )
    expect(rest.change.providerMessageId).toBeNull()
  })

  test('when to ask for a receipt, where it must be asked for', () => {
    const polled = toSettlement({ ...facts, polled: true }, { kind: 'accepted', taken }, SENT)
    expect(polled.taken).toMatchObject([{ pollAt: after(15) }])
  })

  test('when to ask what became of it, in doubt alone', () => {
    const inDoubt = { kind: 'in_doubt', taken: [], ...why } as const
    expect(
      toSettlement(facts, inDoubt, { kind: 'doubt', checkAt: after(5), error: why }).checkAt,
    ).toEqual(after(5))
    expect(toSettlement(facts, inDoubt, PARK).checkAt).toBeNull()
  })
})
