import { fc, test as property } from '@fast-check/jest'
import { describe, expect, test } from '@jest/globals'
import type { PartDelivery } from './apply-receipts.ts'
import { combineParts, laterOf, moveByDelivery } from './apply-receipts.ts'
import type { MessageStatus } from './message-status.ts'
import { MESSAGE_STATUSES } from './message-status.ts'
import type { DeliveryStatus } from './provider.ts'
import { DELIVERY_STATUSES } from './provider.ts'

const status = fc.constantFrom(...DELIVERY_STATUSES)
const part = fc.record<PartDelivery>({
  provider: fc.constantFrom('twilio', 'chunghwa'),
  attemptNumber: fc.integer({ min: 1, max: 3 }),
  part: fc.integer({ min: 1, max: 3 }),
  parts: fc.constant(3),
  status,
})

/** The parts of one text at one provider. */
const at = (provider: string, ...statuses: DeliveryStatus[]): PartDelivery[] =>
  statuses.map((each, index) => ({
    provider,
    attemptNumber: 1,
    part: index + 1,
    parts: statuses.length,
    status: each,
  }))
const firstOf = (parts: PartDelivery[]) => parts.slice(0, 1)

describe('the later of two', () => {
  test('is the one that is further: accepted, sent, undelivered, delivered', () => {
    expect(DELIVERY_STATUSES.toSorted((a, b) => (laterOf(a, b) === a ? 1 : -1))).toEqual([
      'accepted',
      'sent',
      'undelivered',
      'delivered',
    ])
  })

  property.prop([status, status, status])('does not hang on the order', (a, b, c) => {
    expect(laterOf(a, b)).toBe(laterOf(b, a))
    expect(laterOf(a, laterOf(b, c))).toBe(laterOf(laterOf(a, b), c))
    expect(laterOf(a, a)).toBe(a)
  })
})

describe('the parts together', () => {
  test.each<[string, PartDelivery[], DeliveryStatus | undefined]>([
    ['none', [], undefined],
    ['one', at('twilio', 'delivered'), 'delivered'],
    ['all delivered', at('chunghwa', 'delivered', 'delivered'), 'delivered'],
    ['one still on its way', at('chunghwa', 'delivered', 'sent'), 'sent'],
    ['one only accepted', at('chunghwa', 'delivered', 'sent', 'accepted'), 'accepted'],
    ['one undelivered', at('chunghwa', 'delivered', 'undelivered', 'accepted'), 'undelivered'],
    ['one of two taken', firstOf(at('chunghwa', 'delivered', 'delivered')), undefined],
    [
      'one of two taken, undelivered',
      firstOf(at('chunghwa', 'undelivered', 'sent')),
      'undelivered',
    ],
    [
      'two providers, one delivered',
      [...at('chunghwa', 'undelivered', 'sent'), ...at('twilio', 'delivered')],
      'delivered',
    ],
    [
      'two providers, of which one has taken a part alone',
      [...firstOf(at('chunghwa', 'delivered', 'delivered')), ...at('twilio', 'sent')],
      'sent',
    ],
    [
      'the same part in two attempts: the better one counts',
      [...at('twilio', 'undelivered'), { ...at('twilio', 'delivered')[0]!, attemptNumber: 2 }],
      'delivered',
    ],
  ])('%s', (_name, parts, expected) => {
    expect(combineParts(parts)).toBe(expected)
  })

  property.prop([
    fc
      .array(part, { maxLength: 8 })
      .chain((all) =>
        fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })),
      ),
  ])('do not hang on their order', ([inOrder, shuffled]) => {
    expect(combineParts(shuffled)).toBe(combineParts(inOrder))
  })

  property.prop([fc.array(part, { maxLength: 8 })])(
    'are delivered only where one provider delivered every part',
    (parts) => {
      if (combineParts(parts) !== 'delivered') return
      const complete = ['twilio', 'chunghwa'].some((provider) => {
        const own = parts.filter(
          (each) => each.provider === provider && each.status === 'delivered',
        )
        return new Set(own.map((each) => each.part)).size === 3
      })
      expect(complete).toBe(true)
    },
  )
})

describe('where a delivery moves a message', () => {
  test.each<[MessageStatus, DeliveryStatus, MessageStatus | undefined]>([
    ['sending', 'accepted', 'sent'],
    ['sending', 'delivered', 'delivered'],
    ['queued', 'sent', 'sent'],
    ['sent', 'sent', undefined],
    ['sent', 'undelivered', 'undelivered'],
    ['unknown', 'delivered', 'delivered'],
    ['undelivered', 'delivered', 'delivered'],
    ['delivered', 'undelivered', undefined],
    ['failed', 'delivered', undefined],
    ['cancelled', 'delivered', undefined],
  ])('%s, %s: %s', (from, delivery, to) => {
    expect(moveByDelivery(from, delivery)).toBe(to)
  })

  property.prop([
    fc.constantFrom(...MESSAGE_STATUSES),
    fc
      .array(status, { maxLength: 6 })
      .chain((all) =>
        fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })),
      ),
  ])('every order of the same receipts ends the same', (from, [inOrder, shuffled]) => {
    const apply = (reports: readonly DeliveryStatus[]) => {
      let [known, message] = ['accepted' as DeliveryStatus, from]
      for (const report of reports) {
        known = laterOf(report, known)
        message = moveByDelivery(message, known) ?? message
      }
      return message
    }
    expect(apply(shuffled)).toBe(apply(inOrder))
  })
})
