import { HttpProblem, unavailable } from '@sms-gateway/service-kit/problem'
import type { UploadLimits } from './upload-limits.ts'

/** Counts the uploads that are on their way in this process; what it gives back says that one is over. */
export function createUploadGate({
  perClient,
  inAll,
}: Pick<UploadLimits, 'perClient' | 'inAll'>): (clientId: string) => () => void {
  const counts = new Map<string, number>()
  let all = 0
  return (clientId) => {
    const own = counts.get(clientId) ?? 0
    if (own >= perClient) throw tooMany(perClient)
    if (all >= inAll) {
      throw unavailable('overloaded', 'Too many uploads at once: come again.', RETRY_AFTER_SECONDS)
    }
    counts.set(clientId, own + 1)
    all += 1
    return () => {
      all -= 1
      const left = (counts.get(clientId) ?? 1) - 1
      if (left === 0) counts.delete(clientId)
      else counts.set(clientId, left)
    }
  }
}

const RETRY_AFTER_SECONDS = 30

function tooMany(perClient: number): HttpProblem {
  const detail = `The API client has ${perClient} uploads under way, which is all it may have at once: send this one when one of them is answered.`
  return new HttpProblem('too-many-uploads', detail, {
    headers: { 'retry-after': String(RETRY_AFTER_SECONDS) },
  })
}
