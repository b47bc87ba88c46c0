import { HttpProblem } from '@sms-gateway/service-kit/problem'

const RETRY_AFTER_SECONDS = 1

export function keyReused(): HttpProblem {
  const detail = 'This Idempotency-Key belongs to a request with another body: use a new one.'
  return new HttpProblem('idempotency-key-reused', detail)
}

export function keyInProgress(): HttpProblem {
  const detail = 'The first request with this Idempotency-Key is not finished: ask again.'
  const headers = { 'retry-after': String(RETRY_AFTER_SECONDS) }
  return new HttpProblem('idempotency-in-progress', detail, { headers })
}
