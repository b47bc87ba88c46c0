import { describe, expect, test } from '@jest/globals'
import { addAnswer, goesOn, nextStart, NO_PROGRESS, readRate, secondsFor } from './retry-plan.ts'

const ANSWER = { count: 2_500, retried: 1_000, remaining: 1_500, last_at: '2026-01-31T12:00:00Z' }

describe('sending failed messages again', () => {
  test.each([
    ['', null],
    [' 60 ', 60],
    ['0', undefined],
    ['60001', undefined],
    ['1.5', undefined],
    ['many', undefined],
  ])('reads the rate %p as %p', (text, rate) => {
    expect(readRate(text)).toBe(rate)
  })

  test('adds the answers of its calls', () => {
    const once = addAnswer(NO_PROGRESS, ANSWER)
    const twice = addAnswer(once, { ...ANSWER, remaining: 500, last_at: null })
    expect(twice).toEqual({ retried: 2_000, remaining: 500, lastAt: ANSWER.last_at })
  })

  test('goes on while there are more, and stops when a call made nothing', () => {
    expect(goesOn(ANSWER)).toBe(true)
    expect(goesOn({ ...ANSWER, remaining: 0 })).toBe(false)
    expect(goesOn({ ...ANSWER, retried: 0 })).toBe(false)
  })

  test('keeps its rate from call to call', () => {
    const progress = addAnswer(NO_PROGRESS, ANSWER)
    expect(nextStart(progress, 60)).toBe('2026-01-31T12:00:01.000Z')
    expect(nextStart(progress, null)).toBeUndefined()
    expect(nextStart(NO_PROGRESS, 60)).toBeUndefined()
  })

  test('says how long it takes', () => {
    expect(secondsFor(61, 60)).toBe(60)
    expect(secondsFor(0, 60)).toBe(0)
  })
})
