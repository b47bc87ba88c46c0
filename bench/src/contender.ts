import type { LoadResult } from './load-role.ts'

/** What a message cost. */
export interface Cost {
  /** CPU microseconds, by process; nothing where the machine does not tell. */
  cpuMicros: Record<string, number>
  /** What PostgreSQL wrote ahead. */
  walBytes: number
  /** Of the machine's cores, 0 to 1, how much worked for something else meanwhile. */
  othersShare: number
}

/** What one round of a contender gave. */
export interface Measurement extends Cost {
  perSecond: number
  messages: number
  p50Ms?: number
  p95Ms?: number
  p99Ms?: number
  /** The most memory that the process under load has held. */
  peakMib?: number
  /** Accepted a second, while the rest of the pipeline ran beside it. */
  acceptedPerSecond?: number
}

/** The gateway, or a baseline. */
export interface Contender {
  name: string
  run(seconds: number): Promise<Measurement>
}

export interface Benchmark {
  name: string
  title: string
  ours: Contender
  baselines: readonly Contender[]
  /** What `baselines.md` asks for, in its words. */
  target: string
}

/** A round with refusals in it measures something else. */
export function requireClean(name: string, { accepted, failures }: LoadResult): void {
  const kinds = Object.entries(failures).map(([kind, count]) => `${count} x ${kind}`)
  if (kinds.length > 0)
    throw new Error(`${name}: not every request was accepted: ${kinds.join(', ')}`)
  if (accepted === 0) throw new Error(`${name}: nothing was accepted`)
}
