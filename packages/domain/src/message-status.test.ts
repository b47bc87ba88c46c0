import { fc, test as property } from '@fast-check/jest'
import { describe, expect, test } from '@jest/globals'
import {
  canMove,
  isWaiting,
  MESSAGE_STATUSES,
  type MessageStatus,
  WAITING_STATUSES,
} from './message-status.ts'

const NEVER_BACK_FROM: readonly MessageStatus[] = ['sent', 'delivered', 'undelivered', 'unknown']
const ENDS: readonly MessageStatus[] = ['failed', 'cancelled', 'expired', 'suppressed', 'delivered']

function reachableFrom(start: MessageStatus): Set<MessageStatus> {
  const reached = new Set<MessageStatus>([start])
  // A set visits what is added while it is walked.
  for (const from of reached) {
    for (const to of MESSAGE_STATUSES) if (canMove(from, to)) reached.add(to)
  }
  return reached
}

describe('moves', () => {
  test.each(MESSAGE_STATUSES)('%s never moves to itself or back to accepted', (status) => {
    expect(canMove(status, status)).toBe(false)
    expect(canMove(status, 'accepted')).toBe(false)
  })

  test.each(MESSAGE_STATUSES)('%s can be reached, and an end can be reached from it', (status) => {
    expect(reachableFrom('accepted')).toContain(status)
    expect([...reachableFrom(status)].some((reached) => ENDS.includes(reached))).toBe(true)
  })

  test.each(ENDS)('%s is final', (status) => {
    expect([...reachableFrom(status)]).toEqual([status])
  })

  test.each(NEVER_BACK_FROM)('from %s nothing leads back before sent', (status) => {
    const reached = [...reachableFrom(status)]
    expect(reached.filter((to) => !NEVER_BACK_FROM.includes(to))).toEqual([])
  })

  test('held and queued alternate', () => {
    expect(canMove('held', 'queued') && canMove('queued', 'held')).toBe(true)
  })

  test.each(['delivered', 'undelivered'] as const)('unknown may still become %s', (to) => {
    expect(canMove('unknown', to)).toBe(true)
  })

  test.each(WAITING_STATUSES)('%s waits, so it may be cancelled', (status) => {
    expect(isWaiting(status)).toBe(true)
    expect(canMove(status, 'cancelled')).toBe(true)
  })

  test.each(['accepted', 'scheduled'] as const)('%s is never sent without an attempt', (status) => {
    expect(canMove(status, 'sent')).toBe(false)
  })

  test.each(['held', 'queued'] as const)(
    '%s after an attempt, a receipt still settles it',
    (from) => {
      expect(canMove(from, 'sent') && canMove(from, 'delivered')).toBe(true)
    },
  )

  test.each(['sending', 'sent', 'unknown', ...ENDS] as const)('%s does not wait', (status) => {
    expect(isWaiting(status)).toBe(false)
  })
})

describe('receipts', () => {
  const start = fc.constantFrom<MessageStatus>('held', 'queued', 'sending', 'sent', 'unknown')
  const receipts = fc.array(fc.constantFrom('sent', 'undelivered', 'delivered'), { maxLength: 6 })
  const apply = (from: MessageStatus, reports: readonly MessageStatus[]) =>
    reports.reduce((status, report) => (canMove(status, report) ? report : status), from)

  property.prop([
    start,
    receipts.chain((all) =>
      fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })),
    ),
  ])('end the same in any order', (from, [inOrder, shuffled]) => {
    expect(apply(from, shuffled)).toBe(apply(from, inOrder))
  })

  property.prop([start, receipts])('do no harm when they come twice', (from, reports) => {
    expect(apply(from, [...reports, ...reports])).toBe(apply(from, reports))
  })
})
