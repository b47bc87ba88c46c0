import { describe, expect, test } from '@jest/globals'
import { canMove, MESSAGE_STATUSES } from './message-status.ts'
import { endTruly, isUntakenEnd, TAKEN, UNTAKEN_ENDS } from './untaken-end.ts'

describe('how a message ends that is told to end', () => {
  test.each([
    ['failed', 'nothing', 'failed'],
    ['failed', 'parts', 'undelivered'],
    ['failed', 'maybe', 'unknown'],
    ['cancelled', 'nothing', 'cancelled'],
    ['cancelled', 'parts', 'undelivered'],
    ['cancelled', 'maybe', 'unknown'],
    ['expired', 'nothing', 'expired'],
    ['expired', 'parts', 'undelivered'],
    ['expired', 'maybe', 'unknown'],
    ['suppressed', 'nothing', 'suppressed'],
    ['suppressed', 'parts', 'undelivered'],
    ['suppressed', 'maybe', 'unknown'],
    ['undelivered', 'nothing', 'undelivered'],
    ['undelivered', 'parts', 'undelivered'],
    ['undelivered', 'maybe', 'unknown'],
  ] as const)('%s, with %s taken: %s', (end, taken, status) => {
    expect(endTruly(end, taken).status).toBe(status)
  })

  test.each(UNTAKEN_ENDS)(
    'an operator who says %s says no more than that it did not arrive',
    (end) => {
      expect(endTruly(end, 'maybe', 'operator').status).toBe('undelivered')
      expect(endTruly(end, 'nothing', 'operator').status).toBe(end)
    },
  )

  test('the reason says why it is not what was asked for, and nothing where it is', () => {
    for (const end of UNTAKEN_ENDS) {
      for (const taken of TAKEN) {
        const { status, note } = endTruly(end, taken)
        expect(note === null).toBe(status === end)
      }
    }
  })

  test.each(UNTAKEN_ENDS)('a receipt still counts after %s, where something may be out', (end) => {
    for (const taken of ['parts', 'maybe'] as const) {
      expect(canMove(endTruly(end, taken).status, 'delivered')).toBe(true)
      expect(canMove('sending', endTruly(end, taken).status)).toBe(true)
    }
  })

  test('is asked of those ends alone', () => {
    expect(MESSAGE_STATUSES.filter(isUntakenEnd)).toHaveLength(UNTAKEN_ENDS.length)
  })
})
