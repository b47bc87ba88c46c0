import type { ScenarioResult } from './run-scenario.ts'
import { sum } from './run-scenario.ts'

const HEAD = [
  ...['scenario', 'processes', 'messages', 'kills', 'lost', 'doubled'],
  ...['possible_duplicate marked', 'in doubt left', 'seconds'],
]

export function toTable(results: readonly ScenarioResult[]): string {
  const totals = [
    'all',
    '',
    total(results, ({ messages }) => messages),
    total(results, ({ kills }) => sum(kills)),
    total(results, ({ lost }) => lost),
    total(results, ({ doubled }) => doubled),
    total(results, ({ markedDuplicates }) => markedDuplicates),
    total(results, ({ inDoubt }) => inDoubt),
    '',
  ]
  const rows = [HEAD, ...results.map(toRow), totals]
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)))
  const show = (row: readonly string[]) =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join(' | ')
  const line = widths.map((width) => '-'.repeat(width)).join('-|-')
  const [head = HEAD, ...others] = rows
  return [show(head), line, ...others.map(show)].join('\n')
}

function toRow(result: ScenarioResult): string[] {
  const { scenario, processes, messages, kills, lost, doubled } = result
  const { markedDuplicates, inDoubt, seconds } = result
  return [
    scenario,
    ...[processes, messages, sum(kills), lost, doubled].map(toNumber),
    ...[markedDuplicates, inDoubt, seconds].map(toNumber),
  ]
}

function total(
  results: readonly ScenarioResult[],
  count: (result: ScenarioResult) => number,
): string {
  return toNumber(results.reduce((all, result) => all + count(result), 0))
}

function toNumber(value: number): string {
  return value.toLocaleString('en')
}
