import type { StatsResponse } from '@sms-gateway/contracts/stats'
import type { Measure, StatBy } from './filters.ts'
import { daysOf, type Range } from './ranges.ts'

export type StatRow = StatsResponse['data'][number]

/** A bar or a point. What is null is not known, and leaves a gap. */
export interface Point {
  label: string
  delivered: number
  failed: number
  other: number
  rate: number | null
  cost: number
  p50: number | null
  p95: number | null
}

/** More bars than this are not read any more. */
export const MOST_BARS = 12

/** Delivered, failed, and the rest of what was accepted. */
export function otherOf({ total, delivered, failed }: StatRow): number {
  return Math.max(0, total - delivered - failed)
}

export function isOverTime(by: StatBy): boolean {
  return by === 'day' || by === 'hour'
}

/** Times in order, with each day of the range; of other groups the largest, by what the chart shows. */
export function toPoints(
  rows: readonly StatRow[],
  { by, measure, from, to }: Range & { by: StatBy; measure: Measure },
  nameOf: (row: StatRow) => string,
): Point[] {
  if (!isOverTime(by)) {
    return rows
      .toSorted((a, b) => sizeOf(b, measure) - sizeOf(a, measure))
      .slice(0, MOST_BARS)
      .map((row) => toPoint(row, nameOf(row)))
  }
  const inOrder = rows.toReversed()
  if (by === 'hour') return inOrder.map((row) => toPoint(row, nameOf(row)))
  const found = new Map(inOrder.map((row) => [row.group['day'], row]))
  return daysOf({ from, to }).map((day) => {
    const row = found.get(day)
    return row ? toPoint(row, nameOf(row)) : emptyPoint(nameOf(emptyDay(day)))
  })
}

function toPoint(row: StatRow, label: string): Point {
  return {
    label,
    delivered: row.delivered,
    failed: row.failed,
    other: otherOf(row),
    rate: row.success_rate,
    cost: Number(row.cost.amount),
    p50: row.delivery_seconds?.p50 ?? null,
    p95: row.delivery_seconds?.p95 ?? null,
  }
}

function emptyPoint(label: string): Point {
  return { label, delivered: 0, failed: 0, other: 0, rate: null, cost: 0, p50: null, p95: null }
}

function emptyDay(day: string): StatRow {
  return {
    group: { day },
    total: 0,
    sent: 0,
    delivered: 0,
    failed: 0,
    success_rate: null,
    segments: 0,
    cost: { amount: '0', currency: 'TWD' },
    delivery_seconds: null,
  }
}

function sizeOf(row: StatRow, measure: Measure): number {
  switch (measure) {
    case 'cost':
      return Number(row.cost.amount)
    case 'delay':
      return row.delivery_seconds?.p95 ?? -1
    case 'messages':
    case 'rate':
      return row.total
  }
}
