import type { AttemptResult } from './attempt-result.ts'

/** One state for all replicas, kept through restarts: the row of a provider. */
export interface Circuit {
  state: 'closed' | 'open' | 'half_open'
  /** In a row. */
  failures: number
  /** When it opened last. */
  openedAt: Date | null
  /** Until when the one probe of a half-open circuit may be out; after that another may go. */
  probeUntil: Date | null
  /** Why it is as it is, for the operators. */
  reason: string
}

export interface CircuitPolicy {
  failuresToOpen: number
  resetMs: number
  /** A probe that has not reported by then is taken for lost. */
  probeMs: number
}

export const CLOSED_CIRCUIT: Circuit = {
  state: 'closed',
  failures: 0,
  openedAt: null,
  probeUntil: null,
  reason: 'no failure yet',
}

export type CircuitSignal = { kind: 'success' } | { kind: 'failure'; reason: string }

/**
 * What a submission says of its provider. `undefined` is nothing: a 429 is no failure, a doubt that our own death made
 * is none either. A provider that refuses a number or a text has answered in order: that is a success.
 */
export function readSignal(result: AttemptResult): CircuitSignal | undefined {
  switch (result.kind) {
    case 'accepted':
      return { kind: 'success' }
    case 'partial':
      return readSignal(result.rest) ?? { kind: 'success' }
    case 'refused':
      return result.reason === 'provider'
        ? { kind: 'failure', reason: `refused: ${result.code}` }
        : { kind: 'success' }
    case 'unreachable':
    case 'in_doubt':
      return { kind: 'failure', reason: `${result.kind}: ${result.code}` }
    case 'throttled':
    case 'unsent':
      return undefined
  }
}

/** Where a report leaves the circuit; the same object when nothing changes. */
export function recordSignal(
  circuit: Circuit,
  signal: CircuitSignal,
  { failuresToOpen }: CircuitPolicy,
  now: Date,
): Circuit {
  if (signal.kind === 'success') return recordSuccess(circuit)
  // Reports of submissions that were out when it opened say nothing new.
  if (circuit.state === 'open') return circuit
  const failures = circuit.failures + 1
  if (circuit.state === 'closed' && failures < failuresToOpen) {
    return { ...circuit, failures, reason: signal.reason }
  }
  return { state: 'open', failures, openedAt: now, probeUntil: null, reason: signal.reason }
}

function recordSuccess(circuit: Circuit): Circuit {
  switch (circuit.state) {
    case 'closed':
      return circuit.failures === 0 ? circuit : { ...circuit, failures: 0 }
    case 'half_open':
      return { ...CLOSED_CIRCUIT, reason: 'a probe succeeded' }
    case 'open':
      // The answer to a submission from before it opened: the probe decides, not this.
      return circuit
  }
}

export type Admission =
  | { kind: 'open'; until: Date }
  /** Anybody may submit. */
  | { kind: 'closed' }
  /** One submission may go, by whoever gets hold of it first: see {@link startProbe}. */
  | { kind: 'probe' }

export function admit(circuit: Circuit, { resetMs }: CircuitPolicy, now: Date): Admission {
  switch (circuit.state) {
    case 'closed':
      return { kind: 'closed' }
    case 'open': {
      const until = new Date((circuit.openedAt ?? now).getTime() + resetMs)
      return until <= now ? { kind: 'probe' } : { kind: 'open', until }
    }
    case 'half_open':
      return circuit.probeUntil === null || circuit.probeUntil <= now
        ? { kind: 'probe' }
        : { kind: 'open', until: circuit.probeUntil }
  }
}

/** `undefined` when no probe may go now. */
export function startProbe(
  circuit: Circuit,
  policy: CircuitPolicy,
  now: Date,
): Circuit | undefined {
  if (admit(circuit, policy, now).kind !== 'probe') return undefined
  const probeUntil = new Date(now.getTime() + policy.probeMs)
  return { ...circuit, state: 'half_open', probeUntil, reason: 'a probe is out' }
}

/** The probe came back without a verdict (a 429, say): the next one may go at once. */
export function releaseProbe(circuit: Circuit): Circuit {
  return circuit.state === 'half_open' ? { ...circuit, probeUntil: null } : circuit
}
