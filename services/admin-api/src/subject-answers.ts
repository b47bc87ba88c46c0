import { toMessageResponse } from '@sms-gateway/contracts/message-response'
import type { ErasureResponse, SubjectResponse } from '@sms-gateway/contracts/subjects'
import type { AuditLink } from '@sms-gateway/db/audit-chain'
import type { Erasure } from '@sms-gateway/db/erasures'
import type { SubjectCampaign } from '@sms-gateway/db/export-campaigns'
import type { SubjectInbound, SubjectMessage } from '@sms-gateway/db/export-subject'
import type { Consent, PermissionEvent } from '@sms-gateway/db/list-consents'
import type { OptOut } from '@sms-gateway/db/list-opt-outs'

export function toErasureResponse(erasure: Erasure): ErasureResponse {
  const { id, requestedAt, erasedAt, messages, cancelled, inbound } = erasure
  return {
    id,
    state: erasedAt ? 'erased' : 'erasing',
    requested_at: requestedAt.toISOString(),
    erased_at: erasedAt?.toISOString() ?? null,
    messages,
    cancelled,
    inbound,
  }
}

export function toOptOutEntry(optOut: OptOut): SubjectResponse['opt_outs'][number] {
  const { channel, kind, source, reason, createdAt } = optOut
  return { channel, kind, source, reason, created_at: createdAt.toISOString() }
}

export function toConsentEntry(consent: Consent): SubjectResponse['consents'][number] {
  const { channel, kind, granted, source, wordingVersion, proof, at } = consent
  const said = { granted, source, wording_version: wordingVersion, proof, at: at.toISOString() }
  return { channel, kind, ...said }
}

export function toHistoryEntry(
  event: PermissionEvent,
): SubjectResponse['permission_history'][number] {
  const { change, channel, kind, source, reason, wordingVersion, proof, at } = event
  const said = { wording_version: wordingVersion, proof, at: at.toISOString() }
  return { change, channel, kind, source, reason, ...said }
}

export function toAuditEntry({ action, at, outcome }: AuditLink): SubjectResponse['audit'][number] {
  return { action, at: at.toISOString(), outcome }
}

export function toCampaignEntry(entry: SubjectCampaign): SubjectResponse['campaigns'][number] {
  const { campaignId, row, state, customerId, data, messageId } = entry
  const place = { campaign_id: campaignId, row, state }
  return { ...place, customer_id: customerId, data, message_id: messageId }
}

export function toInboundEntry({ row, text }: SubjectInbound): SubjectResponse['inbound'][number] {
  return {
    id: row.id,
    provider: row.provider,
    provider_message_id: row.reference,
    to: text.to,
    message: text.text,
    media_urls: [...text.mediaUrls],
    keyword: row.keyword,
    received_at: row.received_at.toISOString(),
  }
}

export function toMessageEntry(entry: SubjectMessage): SubjectResponse['messages'][number] {
  return {
    message: toMessageResponse(entry.message),
    attempts: entry.attempts.map((attempt) => ({
      number: attempt.number,
      provider: attempt.provider,
      state: attempt.state,
      opened_at: attempt.opened_at.toISOString(),
      settled_at: attempt.settled_at?.toISOString() ?? null,
      error_code: attempt.error_code,
      error_detail: attempt.error_detail,
    })),
    receipts: entry.receipts.map((receipt) => ({
      provider: receipt.provider,
      provider_message_id: receipt.reference,
      status: receipt.status,
      error_code: receipt.errorCode,
      received_at: receipt.receivedAt.toISOString(),
      body: receipt.body,
    })),
  }
}
