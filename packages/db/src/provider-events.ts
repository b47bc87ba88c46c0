import type { ProviderName } from '@sms-gateway/domain/provider'
import type { Db } from './connect.ts'

export interface ProviderEvent {
  provider: ProviderName
  at: Date
  state: string
  reason: string
  actor: string | null
}

/** Newest first. */
export async function listProviderEvents(
  db: Db,
  limit: number,
  of?: { provider: ProviderName; since: Date },
): Promise<ProviderEvent[]> {
  return db
    .selectFrom('provider_event')
    .select(['provider', 'at', 'state', 'reason', 'actor'])
    .$if(of !== undefined, (query) =>
      query
        .where('provider', '=', of?.provider ?? 'twilio')
        .where('at', '>=', of?.since ?? new Date()),
    )
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()
}
