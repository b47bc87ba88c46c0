import { toCsvRow } from '@sms-gateway/domain/csv-row'

export type Cell = string | number | null

/** With the mark by which Excel knows UTF-8. */
export function toCsv(header: readonly string[], rows: readonly (readonly Cell[])[]): string {
  return `\uFEFF${[header, ...rows].map(toCsvRow).join('')}`
}
