import { isDay, type Range, rangeOf } from './ranges.ts'

export const STAT_BYS = [
  'day',
  'hour',
  'provider',
  'message_type',
  'template',
  'variant',
  'campaign',
  'customer',
] as const
export type StatBy = (typeof STAT_BYS)[number]

export const MEASURES = ['messages', 'rate', 'cost', 'delay'] as const
export type Measure = (typeof MEASURES)[number]

export interface Filters extends Range {
  by: StatBy
  measure: Measure
  isInOrder: boolean
}

/** What the URL says, and where it says nothing or nonsense: the last 30 days by day, hours of two days. */
export function readFilters(params: URLSearchParams, today: string): Filters {
  const by = STAT_BYS.find((each) => each === params.get('by')) ?? 'day'
  const measure = MEASURES.find((each) => each === params.get('show')) ?? 'messages'
  const usual = by === 'hour' ? rangeOf('today', today) : rangeOf('days30', today)
  const [from, to] = [params.get('from'), params.get('to')]
  const range = {
    from: isDay(from) ? from : isDay(to) && to < usual.from ? to : usual.from,
    to: isDay(to) ? to : isDay(from) && from > usual.to ? from : usual.to,
  }
  return { by, measure, ...range, isInOrder: range.from <= range.to }
}
