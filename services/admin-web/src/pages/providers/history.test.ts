import { describe, expect, test } from '@jest/globals'
import type { ProviderSpan } from '@sms-gateway/contracts/provider-history'
import { readRange, stateOf, summarise, toBars } from './history.ts'

function buildSpan(minute: number, span: Partial<ProviderSpan> = {}): ProviderSpan {
  return {
    at: new Date(Date.UTC(2026, 0, 31, 0, minute)).toISOString(),
    attempts: 0,
    accepted: 0,
    refused: 0,
    throttled: 0,
    unreachable: 0,
    in_doubt: 0,
    other: 0,
    delivered: 0,
    undelivered: 0,
    success_rate: null,
    latency_ms_mean: null,
    latency_ms_max: null,
    ...span,
  }
}
const history = (data: ProviderSpan[]) => ({
  provider: 'twilio' as const,
  step_minutes: 1 as const,
  data,
  events: [],
})

describe('the health of a provider', () => {
  test('is summed up with each minute at its weight', () => {
    const spans = [
      buildSpan(0, { attempts: 1, accepted: 0, latency_ms_mean: 1_000 }),
      buildSpan(1, { attempts: 9, accepted: 9, latency_ms_mean: 100 }),
    ]
    expect(summarise(spans)).toEqual({ attempts: 10, share: 0.9, meanMs: 190 })
    expect(summarise([buildSpan(0)])).toEqual({ attempts: 0, share: null, meanMs: null })
  })

  test('is shown as it came where that can be seen', () => {
    const spans = Array.from({ length: 60 }, (_, minute) => buildSpan(minute))
    expect(toBars(history(spans))).toBe(spans)
  })

  test('loses nothing where neighbours become one bar', () => {
    const spans = Array.from({ length: 672 }, (_, minute) =>
      buildSpan(minute, { attempts: 2, accepted: 1, refused: 1, latency_ms_max: minute }),
    )
    const bars = toBars(history(spans))
    expect(bars.length).toBeLessThanOrEqual(120)
    expect(bars.reduce((sum, { accepted }) => sum + accepted, 0)).toBe(672)
    expect(bars[0]?.at).toBe(spans[0]?.at)
    expect(bars.at(-1)).toMatchObject({ attempts: 12, success_rate: 0.5, latency_ms_max: 671 })
  })

  test.each([
    ['circuit half_open', 'half_open'],
    ['disabled', 'disabled'],
  ])('tells the event %p as %p', (event, state) => {
    expect(stateOf(event)).toBe(state)
  })

  test.each([
    ['week', 'week'],
    ['year', 'hour'],
    [null, 'hour'],
  ])('is read from the URL: %p is %p', (text, name) => {
    expect(readRange(text)).toBe(name)
  })
})
