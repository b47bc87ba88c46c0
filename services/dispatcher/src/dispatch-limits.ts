import type { ClaimedMessage } from '@sms-gateway/db/claim-messages'
import type { ProviderName } from '@sms-gateway/domain/provider'

/** When each part may leave, by `performance.now()`; or for how long the message is to wait. */
export type Permits = { kind: 'permit'; at: readonly number[] } | { kind: 'wait'; forMs: number }

export interface DispatchLimits {
  take: (message: ClaimedMessage, provider: ProviderName, parts: number) => Promise<Permits>
}

export function createDispatchLimits(): DispatchLimits {
  return {
    take: (_message, _provider, parts) =>
      Promise.resolve({ kind: 'permit', at: Array.from({ length: parts }, () => 0) }),
  }
}
