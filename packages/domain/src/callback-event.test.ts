import { describe, expect, test } from '@jest/globals'
import { CALLBACK_EVENT_TYPES, rankOf, statusOf } from './callback-event.ts'
import { canMove, MESSAGE_STATUSES } from './message-status.ts'

describe('the types of events', () => {
  test('are one for each status, and three more', () => {
    expect(CALLBACK_EVENT_TYPES).toHaveLength(MESSAGE_STATUSES.length + 3)
    expect(CALLBACK_EVENT_TYPES.map(statusOf).filter(Boolean)).toEqual(MESSAGE_STATUSES)
    expect(statusOf('message.inbound')).toBeUndefined()
    expect(statusOf('recipient.opted_out')).toBeUndefined()
  })
})

describe('the rank of a status', () => {
  test('never falls along a move, and rises with each that cannot be taken back', () => {
    for (const from of MESSAGE_STATUSES) {
      for (const to of MESSAGE_STATUSES) {
        if (!canMove(from, to)) continue
        if (canMove(to, from)) expect([from, to, rankOf(to)]).toEqual([from, to, rankOf(from)])
        else expect(rankOf(to)).toBeGreaterThanOrEqual(rankOf(from))
      }
    }
  })

  test('is highest for delivered, whatever was said before', () => {
    const others = MESSAGE_STATUSES.filter((status) => status !== 'delivered')
    for (const status of others) expect(rankOf('delivered')).toBeGreaterThan(rankOf(status))
  })
})
