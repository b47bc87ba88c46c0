import { addToSketch } from '@sms-gateway/domain/delay-sketch'

const DIMENSIONS = [
  'client_id',
  'provider',
  'message_type',
  'template_code',
  'variant',
  'campaign_id',
] as const

/** The roll-ups, each with its key. Customers are apart: they are many, and nobody asks for them by variant. */
export const STAT_GRAINS = {
  stat_hour: ['hour', ...DIMENSIONS],
  stat_day: ['day', ...DIMENSIONS],
  stat_customer: ['day', 'client_id', 'customer_id'],
} as const
export type StatGrain = keyof typeof STAT_GRAINS
export type StatColumn = (typeof STAT_GRAINS)[StatGrain][number]

export const STAT_FIGURES = [
  'total',
  'sent',
  'delivered',
  'failed',
  'segments',
  'cost_milli',
] as const
type StatFigure = (typeof STAT_FIGURES)[number]

/** What some messages add to the figures, or take from them. */
export type StatChange = Readonly<Record<StatColumn, string>> &
  Readonly<Record<StatFigure, number>> & {
    /** Buckets of a sketch that get one more; -1 - bucket is one that gets one less. */
    readonly delays: readonly number[] | null
  }

export interface StatRow {
  key: Readonly<Record<string, string>>
  figures: Record<StatFigure, number>
  delays: Map<number, number>
}

/** Rows of a roll-up, by {@link keyOf}. */
export type StatRows = Map<string, StatRow>

/** Adds the changes up by the key of the roll-up. */
export function gatherStats(
  grain: StatGrain,
  changes: readonly StatChange[],
  rows: StatRows = new Map(),
): StatRows {
  for (const change of changes) {
    const id = keyOf(grain, change)
    const row = rows.get(id) ?? emptyRow(grain, change)
    rows.set(id, row)
    for (const figure of STAT_FIGURES) row.figures[figure] += change[figure]
    addToSketch(row.delays, (change.delays ?? []).map(toCount))
  }
  return rows
}

/** The values of the key, which tell one row from all others. */
export function keyOf(grain: StatGrain, record: Readonly<Record<string, unknown>>): string {
  return JSON.stringify(STAT_GRAINS[grain].map((column) => record[column]))
}

/** Nothing counts in it any more: the messages have gone to another row. */
export function isEmptyRow({ figures, delays }: StatRow): boolean {
  return delays.size === 0 && STAT_FIGURES.every((figure) => figures[figure] === 0)
}

function emptyRow(grain: StatGrain, change: StatChange): StatRow {
  return {
    key: Object.fromEntries(STAT_GRAINS[grain].map((column) => [column, change[column]])),
    figures: { total: 0, sent: 0, delivered: 0, failed: 0, segments: 0, cost_milli: 0 },
    delays: new Map(),
  }
}

function toCount(delay: number): [number, number] {
  return delay < 0 ? [-1 - delay, -1] : [delay, 1]
}
