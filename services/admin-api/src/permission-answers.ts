import type { ConsentResponse, ConsentsResponse } from '@sms-gateway/contracts/consents'
import type { OptOutResponse } from '@sms-gateway/contracts/opt-outs'
import type { Consent, PermissionEvent } from '@sms-gateway/db/list-consents'
import type { OptOut } from '@sms-gateway/db/list-opt-outs'

export function toOptOutResponse(optOut: OptOut): OptOutResponse {
  const { phone, channel, kind, source, reason, createdAt } = optOut
  return { phone, channel, kind, source, reason, created_at: createdAt.toISOString() }
}

export function toConsentResponse(consent: Consent): ConsentResponse {
  const { phone, channel, kind, granted, source, wordingVersion, proof, at } = consent
  const said = { granted, source, wording_version: wordingVersion, proof, at: at.toISOString() }
  return { phone, channel, kind, ...said }
}

export function toHistoryEntry(event: PermissionEvent): ConsentsResponse['data'][number] {
  return {
    change: event.change,
    channel: event.channel,
    kind: event.kind,
    source: event.source,
    reason: event.reason,
    wording_version: event.wordingVersion,
    proof: event.proof,
    actor: event.actor,
    at: event.at.toISOString(),
    recorded_at: event.recordedAt.toISOString(),
  }
}
