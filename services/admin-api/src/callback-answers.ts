import type {
  CallbackAttemptsResponse,
  CallbackEventsResponse,
  CallbackResponse,
} from '@sms-gateway/contracts/callbacks'
import type { CallbackAttempt, CallbackEvent } from '@sms-gateway/db/callback-events'
import type { Callback } from '@sms-gateway/db/callbacks'

export function toCallbackResponse(callback: Callback): CallbackResponse {
  const { id, url, eventTypes, state, disabledReason, createdAt, updatedAt } = callback
  return {
    id,
    url,
    event_types: [...eventTypes],
    status: state,
    disabled_reason: disabledReason,
    disabled_at: toMoment(callback.disabledAt),
    failing_since: toMoment(callback.failingSince),
    paused_until: toMoment(callback.pausedUntil),
    old_secret_until: toMoment(callback.oldSecretUntil),
    created_at: createdAt.toISOString(),
    updated_at: updatedAt.toISOString(),
  }
}

export function toAttemptResponse(
  attempt: CallbackAttempt,
): CallbackAttemptsResponse['data'][number] {
  const { eventId, type, number, at, latencyMs, status, error } = attempt
  return {
    event_id: eventId,
    type,
    number,
    at: at.toISOString(),
    latency_ms: latencyMs,
    status,
    error,
  }
}

export function toEventResponse(event: CallbackEvent): CallbackEventsResponse['data'][number] {
  const { id, type, subjectId, occurredAt, state, attempts, dueAt, error, settledAt } = event
  return {
    event_id: id,
    type,
    subject_id: subjectId,
    occurred_at: occurredAt.toISOString(),
    state,
    attempts,
    next_attempt_at: state === 'pending' ? dueAt.toISOString() : null,
    error,
    settled_at: toMoment(settledAt),
  }
}

function toMoment(at: Date | null): string | null {
  return at?.toISOString() ?? null
}
