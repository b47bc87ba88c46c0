import type { ProviderHistoryResponse, ProviderSpan } from '@sms-gateway/contracts/provider-history'

export const RANGES = { hour: 60, hours3: 180, day: 1_440, week: 10_080 } as const
export type RangeName = keyof typeof RANGES
export const RANGE_NAMES = ['hour', 'hours3', 'day', 'week'] as const satisfies RangeName[]

export function readRange(text: string | null): RangeName {
  return RANGE_NAMES.find((name) => name === text) ?? 'hour'
}

export interface HistorySummary {
  attempts: number
  /** Taken of the attempts; null without any. */
  share: number | null
  meanMs: number | null
}

/** Weighted by the attempts: a minute with one is not worth as much as one with a thousand. */
export function summarise(spans: readonly ProviderSpan[]): HistorySummary {
  const attempts = sumOf(spans.map((span) => span.attempts))
  if (attempts === 0) return { attempts, share: null, meanMs: null }
  const accepted = sumOf(spans.map((span) => span.accepted))
  const waitedMs = sumOf(spans.map((span) => (span.latency_ms_mean ?? 0) * span.attempts))
  return { attempts, share: accepted / attempts, meanMs: Math.round(waitedMs / attempts) }
}

/** At most so many bars: a week of quarters of an hour is more than anybody tells apart. */
const MOST_BARS = 120

/** Neighbours together where there are more spans than bars; the last bar holds the newest. */
export function toBars({ data }: ProviderHistoryResponse): ProviderSpan[] {
  const size = Math.ceil(data.length / MOST_BARS)
  if (size <= 1) return data
  const bars: ProviderSpan[] = []
  for (let end = data.length; end > 0; end -= size) {
    bars.unshift(join(data.slice(Math.max(0, end - size), end)))
  }
  return bars
}

function join(spans: readonly ProviderSpan[]): ProviderSpan {
  const [first] = spans
  if (!first) throw new Error('a bar has at least one span')
  const sum = (name: Counted) => sumOf(spans.map((span) => span[name]))
  const { attempts, share, meanMs } = summarise(spans)
  return {
    at: first.at,
    attempts,
    accepted: sum('accepted'),
    refused: sum('refused'),
    throttled: sum('throttled'),
    unreachable: sum('unreachable'),
    in_doubt: sum('in_doubt'),
    other: sum('other'),
    delivered: sum('delivered'),
    undelivered: sum('undelivered'),
    success_rate: share,
    latency_ms_mean: meanMs,
    latency_ms_max: Math.max(...spans.map((span) => span.latency_ms_max ?? 0)),
  }
}

type Counted =
  | 'accepted'
  | 'refused'
  | 'throttled'
  | 'unreachable'
  | 'in_doubt'
  | 'other'
  | 'delivered'
  | 'undelivered'

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0)
}

/** Events of the circuit are told as `circuit open`, those of the switch as `enabled`. */
export function stateOf(state: string): string {
  return state.replace(/^circuit /, '')
}
