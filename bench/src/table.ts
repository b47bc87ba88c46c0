import type { Machine } from './machine.ts'
import type { BenchmarkResult, ContenderResult } from './rounds.ts'
import { median } from './statistics.ts'

const HEAD = ['', 'median', 'rounds', 'p50 ms', 'p95 ms', 'p99 ms', 'ours is', 'CPU us a message']

/** The figures for a person: each of ours above its baselines, the ratio beside the baseline it is to. */
export function toTable(machine: Machine, results: readonly BenchmarkResult[]): string {
  const groups = results.map(({ title, target, ours, baselines }) => ({
    title: target === '' ? title : `${title} (target: ${target})`,
    rows: [toRow(ours, ''), ...baselines.map((each) => toRow(each, `${each.ratio.toFixed(2)} x`))],
  }))
  const rows = [HEAD, ...groups.flatMap((group) => group.rows)]
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)))
  const show = (row: readonly string[]) =>
    `  ${row
      .map((cell, column) => {
        const isText = column === 0 || column === HEAD.length - 1
        return isText ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)
      })
      .join('  ')}`.trimEnd()
  return [
    '',
    toFacts(machine),
    '',
    show(HEAD),
    ...groups.flatMap(({ title, rows: own }) => ['', title, ...own.map(show)]),
    '',
    ...toWarning(results),
  ].join('\n')
}

/** Above this the figures are low, and only the ratios and the CPU times say something. */
const QUIET_SHARE = 0.15

function toWarning(results: readonly BenchmarkResult[]): string[] {
  const all = results.flatMap(({ ours, baselines }) => [ours, ...baselines])
  const share = median(all.flatMap(({ rounds }) => rounds.map((round) => round.othersShare)))
  const percent = Math.round(share * 100)
  return share > QUIET_SHARE
    ? [`${percent} % of the machine was busy with something else: trust the ratios alone`, '']
    : []
}

function toRow({ name, rounds, median: middle }: ContenderResult, ratio: string): string[] {
  const all = rounds.map(({ perSecond }) => perSecond)
  return [
    name,
    `${toNumber(middle.perSecond)}/s`,
    `${toNumber(Math.min(...all))}-${toNumber(Math.max(...all))}`,
    middle.p50Ms?.toFixed(1) ?? '',
    middle.p95Ms?.toFixed(1) ?? '',
    middle.p99Ms?.toFixed(1) ?? '',
    ratio,
    toCpu(rounds),
  ]
}

function toCpu(rounds: ContenderResult['rounds']): string {
  const names = [...new Set(rounds.flatMap(({ cpuMicros }) => Object.keys(cpuMicros)))]
  return names
    .map((name) => `${name} ${median(rounds.map(({ cpuMicros }) => cpuMicros[name] ?? 0))}`)
    .join(', ')
}

function toFacts(machine: Machine): string {
  const { cores, cpu, memoryGib, platform, node, postgres, redis, loadBefore } = machine
  return `${cores} cores of ${cpu}, ${memoryGib} GiB, ${platform}; Node ${node}, PostgreSQL ${postgres}, Redis ${redis}; load before: ${loadBefore.toFixed(2)}`
}

function toNumber(value: number): string {
  return Math.round(value).toLocaleString('en')
}
