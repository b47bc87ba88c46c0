import type { ProviderResponse, ProvidersResponse } from '@sms-gateway/contracts/providers'
import type { Db } from '@sms-gateway/db/connect'
import { listProviderEvents } from '@sms-gateway/db/provider-events'
import { type ProviderHealth, readProviderHealth } from '@sms-gateway/db/provider-minutes'
import { listProviderStates, type ProviderState } from '@sms-gateway/db/provider-states'
import { admit, type CircuitPolicy, CLOSED_CIRCUIT } from '@sms-gateway/domain/circuit'
import { ProviderName } from '@sms-gateway/domain/provider'

export interface ProviderLimits {
  allPerMinute: number
  perSecond: Record<ProviderName, number>
}

export interface ListDeps {
  db: Db
  circuitPolicy: CircuitPolicy
  limits: ProviderLimits
}

const RECENT_MINUTES = 10
const EVENT_COUNT = 20

/** Every provider that the gateway knows, with what its dispatchers have seen of it, and what changed of late. */
export async function listProviders(deps: ListDeps, now: Date): Promise<ProvidersResponse> {
  const [data, events] = await Promise.all([
    readProviders(deps, now),
    listProviderEvents(deps.db, EVENT_COUNT),
  ])
  return {
    data,
    next_cursor: null,
    events: events.map((event) => ({ ...event, at: event.at.toISOString() })),
  }
}

export async function readProviders(
  { db, circuitPolicy, limits }: ListDeps,
  now: Date,
): Promise<ProviderResponse[]> {
  const [states, health] = await Promise.all([
    listProviderStates(db),
    readProviderHealth(db, new Date(now.getTime() - RECENT_MINUTES * 60_000)),
  ])
  return ProviderName.options.map((name) =>
    toResponse(
      states.find(({ provider }) => provider === name) ?? untouched(name),
      health.find(({ provider }) => provider === name),
      { circuitPolicy, limits, now },
    ),
  )
}

function untouched(provider: ProviderName): ProviderState {
  return { provider, enabled: true, circuit: CLOSED_CIRCUIT, balance: null }
}

function toResponse(
  { provider, enabled, circuit, balance }: ProviderState,
  health: ProviderHealth | undefined,
  { circuitPolicy, limits, now }: Omit<ListDeps, 'db'> & { now: Date },
): ProviderResponse {
  const admission = admit(circuit, circuitPolicy, now)
  return {
    name: provider,
    enabled,
    circuit: {
      state: circuit.state,
      failures: circuit.failures,
      opened_at: circuit.openedAt?.toISOString() ?? null,
      probe_at: admission.kind === 'open' ? admission.until.toISOString() : null,
      reason: circuit.reason,
    },
    recent: toRecent(health),
    balance: balance && { ...balance, at: balance.at.toISOString() },
    limits: { per_second: limits.perSecond[provider], all_per_minute: limits.allPerMinute },
  }
}

/** What nobody has submitted to has no rate. */
function toRecent(health: ProviderHealth | undefined): ProviderResponse['recent'] {
  const { attempts = 0, accepted = 0 } = health ?? {}
  return {
    minutes: RECENT_MINUTES,
    attempts,
    accepted,
    success_rate: attempts === 0 ? null : accepted / attempts,
    latency_ms_mean: health?.latencyMsMean ?? null,
    latency_ms_max: health?.latencyMsMax ?? null,
  }
}
