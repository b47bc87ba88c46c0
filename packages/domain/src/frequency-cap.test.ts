import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { askFrequency, kindOf } from './frequency-cap.ts'

const NOW = new Date('2026-11-22T12:00:00Z')
const ago = (hours: number) => new Date(NOW.getTime() - hours * 3_600_000)

describe('kindOf', () => {
  test.each([
    ['otp', undefined],
    ['emergency', undefined],
    ['promotion', 'marketing'],
    ['order_confirmation', 'service'],
  ])('%s is %s', (type, kind) => {
    expect(kindOf(type, ['promotion'])).toBe(kind)
  })

  test('an otp that is called marketing is still not capped', () => {
    expect(kindOf('otp', ['otp'])).toBeUndefined()
  })
})

describe('askFrequency', () => {
  const cap = { count: 2, hours: 24 }
  test('lets go while there is room', () => {
    expect(askFrequency([], cap, NOW)).toEqual({ kind: 'go' })
    expect(askFrequency([ago(1)], cap, NOW)).toEqual({ kind: 'go' })
    expect(askFrequency([ago(1), ago(24)], cap, NOW)).toEqual({ kind: 'go' })
  })

  test('holds until the window has room', () => {
    const turn = askFrequency([ago(1), ago(20), ago(30)], cap, NOW)
    expect(turn).toEqual({ kind: 'hold', until: ago(-4) })
  })

  test('at the time it names there is room, and a moment before there is none', () => {
    const times = fc.array(fc.integer({ min: 0, max: 3_000 }), { maxLength: 20 })
    const caps = fc.record({
      count: fc.integer({ min: 1, max: 5 }),
      hours: fc.integer({ min: 1, max: 48 }),
    })
    fc.assert(
      fc.property(times, caps, (minutes, each) => {
        const at = minutes.map((minute) => ago(minute / 60))
        const turn = askFrequency(at, each, NOW)
        if (turn.kind === 'go') return
        expect(turn.until.getTime()).toBeGreaterThan(NOW.getTime())
        expect(askFrequency(at, each, turn.until).kind).toBe('go')
        const before = new Date(turn.until.getTime() - 1)
        expect(askFrequency(at, each, before).kind).toBe('hold')
      }),
    )
  })
})
