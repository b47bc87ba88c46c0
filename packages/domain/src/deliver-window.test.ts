import { describe, expect, test } from '@jest/globals'
import {
  closedUntil,
  findOpening,
  readDeliverWindow,
  writeDeliverWindow,
} from './deliver-window.ts'
import type { QuietPolicy } from './quiet-policy.ts'

const ZONE = 'Asia/Taipei'
const QUIET: QuietPolicy = {
  window: { startMinute: 21 * 60, endMinute: 8 * 60 },
  timeZone: ZONE,
  exemptTypes: ['otp'],
}
const at = (time: string, day = '2026-03-02') => new Date(`${day}T${time}:00+08:00`)

function read(text: string) {
  const window = readDeliverWindow(text)
  if (!window) throw new Error('no window')
  return window
}

test.each(['10:00-20:00', '22:30-02:15'])('reads and writes %s', (text) => {
  expect(writeDeliverWindow(read(text))).toBe(text)
})

test.each(['', 'off', '10-20', '10:00-10:00', '10:00-24:00'])('refuses %j', (text) => {
  expect(readDeliverWindow(text)).toBeUndefined()
})

test.each([
  ['10:00-20:00', '09:59', at('10:00')],
  ['10:00-20:00', '10:00', undefined],
  ['10:00-20:00', '19:59', undefined],
  ['10:00-20:00', '20:00', at('10:00', '2026-03-03')],
  ['22:00-02:00', '21:00', at('22:00')],
  ['22:00-02:00', '01:59', undefined],
])('%s at %s', (window, time, expected) => {
  expect(closedUntil(at(time), read(window), ZONE)).toEqual(expected)
})

describe('findOpening', () => {
  const ask = (time: string, window: string | null, messageType = 'promotion') =>
    findOpening(
      { messageType, timeZone: null, window: window === null ? null : read(window) },
      QUIET,
      at(time),
    )

  test.each([
    ['12:00', null, { kind: 'now' }],
    ['22:00', null, { kind: 'at', at: at('08:00', '2026-03-03') }],
    ['22:00', '10:00-20:00', { kind: 'at', at: at('10:00', '2026-03-03') }],
    ['20:30', '10:00-20:00', { kind: 'at', at: at('10:00', '2026-03-03') }],
    ['12:00', '20:00-23:00', { kind: 'at', at: at('20:00') }],
    ['12:00', '22:00-06:00', { kind: 'never' }],
  ])('at %s with %s', (time, window, expected) => {
    expect(ask(time, window)).toEqual(expected)
  })

  test('a type that quiet hours never hold keeps to its window alone', () => {
    expect(ask('12:00', '22:00-06:00', 'otp')).toEqual({ kind: 'at', at: at('22:00') })
  })

  test('goes by the recipient’s own zone', () => {
    const question = { messageType: 'promotion', timeZone: 'America/New_York', window: null }
    // 12:00 in Taipei is 23:00 in New York.
    expect(findOpening(question, QUIET, at('12:00'))).toEqual({
      kind: 'at',
      at: new Date('2026-03-02T08:00:00-05:00'),
    })
  })
})
