import { fc, test as property } from '@fast-check/jest'
import { describe, expect, test } from '@jest/globals'
import { createMessageId, firstIdAt, MessageId, readAttemptId, toAttemptId } from './ids.ts'

const NOW = new Date('2025-11-22T08:00:00.123Z')
const ID = '0196a1b2-c3d4-7e5f-8a6b-0123456789ab'

/** UUIDv7 has 48 bits of milliseconds. */
const moment = fc.integer({ min: 0, max: 8.64e15 }).filter((ms) => ms < 2 ** 48)

describe('a message id', () => {
  property.prop([moment, moment])('sorts by the time it was made', (one, other) => {
    const [first, second] = [createMessageId(new Date(one)), createMessageId(new Date(other))]
    if (one !== other) expect(first < second).toBe(one < other)
  })

  test('is another one each time', () => {
    const ids = Array.from({ length: 1_000 }, () => createMessageId(NOW))
    expect(new Set(ids).size).toBe(1_000)
  })

  test.each(['', 'abc', '0196a1b2-c3d4-4e5f-8a6b-0123456789ab', `${ID} `])('is not %j', (text) => {
    expect(MessageId.safeParse(text).success).toBe(false)
  })
})

describe('an attempt id', () => {
  property.prop([moment, fc.integer({ min: 1, max: 9_999 })])('reads back', (ms, number) => {
    const key = { messageId: createMessageId(new Date(ms)), number }
    expect(readAttemptId(toAttemptId(key))).toEqual(key)
  })

  test.each([
    '',
    ID,
    `${ID}.`,
    `${ID}.0`,
    `${ID}.01`,
    `${ID}.-1`,
    `${ID}.10000`,
    `${ID}.1 `,
    `${ID}.1.1`,
    ` ${ID}.1`,
    `${ID}.1\n`,
    '0196a1b2-c3d4-4e5f-8a6b-0123456789ab.1',
    '------------------------------------.1',
  ])('is not %j', (text) => {
    expect(readAttemptId(text)).toBeUndefined()
  })

  property.prop([fc.string()])('is never read from something else', (text) => {
    expect(readAttemptId(text)).toBeUndefined()
  })
})

describe('the first id of a millisecond', () => {
  property.prop([moment])('is a message id, and no id of that time is smaller', (ms) => {
    const first = firstIdAt(new Date(ms))
    expect(MessageId.safeParse(first).success).toBe(true)
    expect(first <= createMessageId(new Date(ms))).toBe(true)
  })

  property.prop([moment.filter((ms) => ms > 0)])('is above every id of the one before', (ms) => {
    expect(createMessageId(new Date(ms - 1)) < firstIdAt(new Date(ms))).toBe(true)
  })
})
