import type { MessageAttemptsResponse } from '@sms-gateway/contracts/message-attempts'
import type { ProviderHistoryResponse } from '@sms-gateway/contracts/provider-history'
import type { ProviderResponse } from '@sms-gateway/contracts/providers'
import { type ApiClient, ownerOf } from '@sms-gateway/service-kit/api-auth'

/** In place of what they wrote. */
const BY_AN_OPERATOR = 'by an operator'

/** Whether it is shown what the operators do and why, and what they have paid in: a client that only reads is not. */
export function seesOperating(client: Pick<ApiClient, 'clientId' | 'scopes' | 'session'>): boolean {
  return ownerOf(client) === undefined || client.scopes.includes('operate')
}

export function withoutOperators(provider: ProviderResponse): ProviderResponse {
  const { circuit } = provider
  const isReset = circuit.reason.startsWith('reset:')
  return {
    ...provider,
    balance: null,
    circuit: isReset ? { ...circuit, reason: `reset: ${BY_AN_OPERATOR}` } : circuit,
  }
}

type ProviderEvent = ProviderHistoryResponse['events'][number]

/** What the machine did has no actor. */
export function withoutActor(event: ProviderEvent): ProviderEvent {
  return event.actor === null ? event : { ...event, actor: null, reason: BY_AN_OPERATOR }
}

type Outage = MessageAttemptsResponse['attempts'][number]['outages'][number]

/** A circuit opens by itself; nobody but an operator switches off. */
export function withoutReason(outage: Outage): Outage {
  return outage.state === 'disabled' ? { ...outage, reason: BY_AN_OPERATOR } : outage
}
