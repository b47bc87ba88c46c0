import type { Provider, ProviderName } from '@sms-gateway/domain/provider'
import type { ChunghwaConfig } from './chunghwa.ts'
import { createChunghwa } from './chunghwa.ts'
import type { TwilioConfig } from './twilio.ts'
import { createTwilio } from './twilio.ts'

export interface ProvidersConfig {
  twilio: Omit<TwilioConfig, 'connections'> | undefined
  chunghwa: ChunghwaConfig | undefined
}

/** Submissions side by side, of one process: Twilio's limit is about a hundred, Chunghwa's accounts take few (providers.md, 4.6 and 1.1). */
export const PROVIDER_SLOTS: Record<ProviderName, number> = { twilio: 100, chunghwa: 2 }

/** The providers that are switched on and have credentials. */
export function createProviders({
  twilio,
  chunghwa,
}: ProvidersConfig): ReadonlyMap<ProviderName, Provider> {
  const providers = [
    twilio && createTwilio({ ...twilio, connections: PROVIDER_SLOTS.twilio }),
    chunghwa && createChunghwa({ ...chunghwa, connections: PROVIDER_SLOTS.chunghwa }),
  ]
  return new Map(providers.flatMap((provider) => (provider ? [[provider.name, provider]] : [])))
}
