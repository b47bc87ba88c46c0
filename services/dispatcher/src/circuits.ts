import type { Db } from '@sms-gateway/db/connect'
import { changeCircuit, listProviderStates } from '@sms-gateway/db/provider-states'
import type { AttemptResult } from '@sms-gateway/domain/attempt-result'
import {
  type Admission,
  admit,
  type Circuit,
  type CircuitPolicy,
  type CircuitSignal,
  CLOSED_CIRCUIT,
  readSignal,
  recordSignal,
  releaseProbe,
  startProbe,
} from '@sms-gateway/domain/circuit'
import type { ProviderName } from '@sms-gateway/domain/provider'
import { type Batcher, createBatcher } from '@sms-gateway/service-kit/batcher'
import type { Logger } from '@sms-gateway/service-kit/logger'
import { startRepeating } from '@sms-gateway/service-kit/repeat'

export interface CircuitDeps {
  db: Db
  policy: CircuitPolicy
  names: readonly ProviderName[]
  now: () => Date
  logger: Logger
}

/** The circuits of all replicas, as this process knows them: its own reports at once, the others' within a beat. */
export interface Circuits {
  /** Switched off by the operators: not even a probe may go. */
  isEnabled(name: ProviderName): boolean
  admit(name: ProviderName): Admission
  /** Takes the one probe of a circuit that is due; false when another process has it. */
  claimProbe(name: ProviderName): Promise<boolean>
  /** Tells what a submission says of its provider. */
  report(name: ProviderName, result: AttemptResult): void
  close(): Promise<void>
}

const REFRESH_MS = 250
const BATCH_SIZE = 200

interface Known {
  circuit: Circuit
  enabled: boolean
}

const UNKNOWN: Known = { circuit: CLOSED_CIRCUIT, enabled: true }

export async function openCircuits(deps: CircuitDeps): Promise<Circuits> {
  const { db, policy, names, now, logger } = deps
  const known = new Map<ProviderName, Known>()
  const get = (name: ProviderName) => known.get(name) ?? UNKNOWN
  const learn = (name: ProviderName, circuit: Circuit) => {
    const before = get(name)
    if (before.circuit.state !== circuit.state) {
      logger.warn({ provider: name, state: circuit.state, reason: circuit.reason }, 'circuit')
    }
    known.set(name, { ...before, circuit })
  }
  const refresh = async () => {
    for (const { provider, circuit, enabled } of await listProviderStates(db)) {
      learn(provider, circuit)
      known.set(provider, { circuit, enabled })
    }
  }
  const change = async (name: ProviderName, decide: (circuit: Circuit) => Circuit | undefined) => {
    const result = await changeCircuit(db, { provider: name, now: now(), actor: null }, decide)
    learn(name, result.circuit)
    return result.changed
  }
  const reporters = new Map(
    names.map((name) => [name, createReporter((decide) => change(name, decide), policy, now)]),
  )
  await refresh()
  const repeating = startRepeating({ name: 'circuits', everyMs: REFRESH_MS, run: refresh, logger })

  return {
    isEnabled: (name) => get(name).enabled,
    admit: (name) => admit(get(name).circuit, policy, now()),
    claimProbe: (name) => change(name, (circuit) => startProbe(circuit, policy, now())),
    report(name, result) {
      const signal = readSignal(result)
      const { circuit } = get(name)
      // The common case costs nothing: a success where nothing has failed.
      if (signal?.kind === 'success' && circuit.state === 'closed' && circuit.failures === 0) return
      if (signal === undefined && circuit.state !== 'half_open') return
      reporters
        .get(name)
        ?.add(signal)
        .catch((err: unknown) => {
          logger.error({ err, provider: name }, 'circuit not told')
        })
    },
    async close() {
      await repeating.stop()
      await Promise.all([...reporters.values()].map((reporter) => reporter.close()))
    },
  }
}

/** Reports that come together are told in one transaction, in their order. */
function createReporter(
  change: (decide: (circuit: Circuit) => Circuit) => Promise<boolean>,
  policy: CircuitPolicy,
  now: () => Date,
): Batcher<CircuitSignal | undefined, boolean> {
  return createBatcher<CircuitSignal | undefined, boolean>({
    maxSize: BATCH_SIZE,
    maxConcurrent: 1,
    async flush(signals) {
      const at = now()
      const changed = await change((before) =>
        signals.reduce<Circuit>(
          (circuit, signal) =>
            signal ? recordSignal(circuit, signal, policy, at) : releaseProbe(circuit),
          before,
        ),
      )
      return signals.map(() => changed)
    },
  })
}
