import type { Benchmark, Contender, Measurement } from './contender.ts'
import { median } from './statistics.ts'

export interface ContenderResult {
  name: string
  rounds: Measurement[]
  median: { perSecond: number; p50Ms?: number; p95Ms?: number; p99Ms?: number }
}

export interface BaselineResult extends ContenderResult {
  /** Ours over this one, taken in each round and then the median: rounds differ more than ratios do. */
  ratio: number
  ratios: number[]
}

export interface BenchmarkResult {
  name: string
  title: string
  target: string
  ours: ContenderResult
  baselines: BaselineResult[]
}

const WARM_UP_SECONDS = 1

/** Ours and each baseline in turn, round after round, after a short one of each that does not count. */
export async function runRounds(
  benchmark: Benchmark,
  { rounds, seconds }: { rounds: number; seconds: number },
  report: (line: string) => void,
): Promise<BenchmarkResult> {
  const { name, title, target } = benchmark
  const contenders = [benchmark.ours, ...benchmark.baselines]
  const measured = new Map<Contender, Measurement[]>(contenders.map((each) => [each, []]))
  for (const contender of contenders) await contender.run(WARM_UP_SECONDS)
  for (let round = 1; round <= rounds; round++) {
    for (const contender of contenders) {
      const measurement = await contender.run(seconds)
      measured.get(contender)?.push(measurement)
      report(`${name} ${round}/${rounds}  ${contender.name}: ${measurement.perSecond.toFixed(0)}/s`)
    }
  }
  const ours = toResult(benchmark.ours, measured)
  const baselines = benchmark.baselines.map((baseline): BaselineResult => {
    const result = toResult(baseline, measured)
    const ratios = ours.rounds.map(
      ({ perSecond }, index) => perSecond / (result.rounds[index]?.perSecond ?? 0),
    )
    return { ...result, ratio: median(ratios), ratios }
  })
  return { name, title, target, ours, baselines }
}

function toResult(
  contender: Contender,
  measured: ReadonlyMap<Contender, Measurement[]>,
): ContenderResult {
  const rounds = measured.get(contender) ?? []
  const medianOf = (read: (each: Measurement) => number | undefined) => {
    const values = rounds.flatMap((each) => read(each) ?? [])
    return values.length === 0 ? undefined : median(values)
  }
  const p50Ms = medianOf((each) => each.p50Ms)
  const p95Ms = medianOf((each) => each.p95Ms)
  const p99Ms = medianOf((each) => each.p99Ms)
  return {
    name: contender.name,
    rounds,
    median: {
      perSecond: medianOf((each) => each.perSecond) ?? 0,
      ...(p50Ms !== undefined && { p50Ms }),
      ...(p95Ms !== undefined && { p95Ms }),
      ...(p99Ms !== undefined && { p99Ms }),
    },
  }
}
