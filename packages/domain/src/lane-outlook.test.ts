import { describe, expect, test } from '@jest/globals'
import { lookAhead } from './lane-outlook.ts'

const NOW = new Date('2026-11-22T10:05:30Z')
const at = (time: string, sent: number) => ({ minute: new Date(`2026-11-22T${time}:00Z`), sent })

describe('the outlook of a lane', () => {
  test('is by what went in the two whole minutes before and the one that runs', () => {
    const minutes = [at('10:02', 9_000), at('10:03', 100), at('10:04', 100), at('10:05', 50)]
    expect(lookAhead(300, minutes, NOW)).toEqual({ perMinute: 100, secondsLeft: 180 })
  })

  test('has no end where nothing moves, and is over where nothing waits', () => {
    expect(lookAhead(1, [at('10:02', 5)], NOW)).toEqual({ perMinute: 0, secondsLeft: null })
    expect(lookAhead(0, [], NOW)).toEqual({ perMinute: 0, secondsLeft: 0 })
    expect(lookAhead(0, [at('10:05', 10)], NOW)).toEqual({ perMinute: 4, secondsLeft: 0 })
  })

  test('takes no minute that is yet to come, nor one in which more was taken back than sent', () => {
    const minutes = [at('10:04', -3), at('10:05', 5), at('10:06', 100)]
    expect(lookAhead(10, minutes, NOW)).toEqual({ perMinute: 2, secondsLeft: 300 })
  })
})
