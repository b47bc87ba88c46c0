import type { Format } from '../../i18n/format.ts'
import type { StatBy } from './filters.ts'
import type { StatRow } from './series.ts'

/** What a group is called. */
export function nameOfGroup(
  { group }: StatRow,
  by: StatBy,
  { format, none, clients }: NameOptions,
): string {
  const [first, second] = Object.values(group)
  switch (by) {
    case 'day':
      // Noon: a day is the same day in every zone of the reader.
      return format.day(`${first ?? ''}T12:00:00`)
    case 'hour':
      return first == null ? none : format.dayAndHour(first)
    case 'variant':
      return [first ?? none, second ?? none].join(' · ')
    case 'customer': {
      const owner = clients.size > 1 && first != null ? clients.get(first) : undefined
      return owner === undefined ? (second ?? none) : `${second ?? none} · ${owner}`
    }
    case 'provider':
    case 'message_type':
    case 'template':
    case 'campaign':
      return first ?? none
  }
}

/** The same on the axis of a chart, where a day has little room. */
export function labelOfGroup(row: StatRow, by: StatBy, options: NameOptions): string {
  if (by !== 'day') return nameOfGroup(row, by, options)
  return options.format.monthDay(`${row.group['day'] ?? ''}T12:00:00`)
}

export interface NameOptions {
  format: Pick<Format, 'day' | 'monthDay' | 'dayAndHour'>
  /** For messages that have none. */
  none: string
  clients: ReadonlyMap<string, string>
}
