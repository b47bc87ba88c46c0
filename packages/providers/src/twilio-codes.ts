import type { RefusalReason, SendOutcome } from '@sms-gateway/domain/provider'

/** What an error code means for a submission: `in_doubt` and `throttled` are outcomes, the rest are refusals. */
export type CodeClass = RefusalReason | 'throttled' | 'in_doubt'

interface CodeEntry {
  meaning: string
  class: CodeClass
}

/**
 * Twilio's error codes: providers.md, 4.6. Those from 30001 to 30034 come in receipts; there the class is not used.
 * Our own set-up at Twilio (sender, service, account) is `provider`: it is true of every message alike.
 */
export const TWILIO_CODES: Readonly<Record<string, CodeEntry>> = {
  20003: { meaning: 'authentication failed', class: 'provider' },
  20404: { meaning: 'the account was not found', class: 'provider' },
  20429: { meaning: 'too many requests', class: 'throttled' },
  20500: { meaning: 'internal server error', class: 'in_doubt' },
  21211: { meaning: 'the number is not valid', class: 'number' },
  21212: { meaning: 'the sender number is not valid', class: 'provider' },
  21219: { meaning: 'a trial account sends to verified numbers only', class: 'submission' },
  21408: { meaning: 'the region is not enabled for the account', class: 'submission' },
  21602: { meaning: 'the text is empty', class: 'text' },
  21604: { meaning: 'the number is missing', class: 'number' },
  21606: { meaning: 'the sender number is not ours or cannot send texts', class: 'provider' },
  21608: { meaning: 'a trial account sends to verified numbers only', class: 'submission' },
  21610: { meaning: 'the subscriber has unsubscribed', class: 'opted-out' },
  21611: { meaning: 'the queue of the sender number is full', class: 'throttled' },
  21612: { meaning: 'the number cannot be reached from the sender number', class: 'submission' },
  21614: { meaning: 'the number is not a mobile number', class: 'number' },
  21617: { meaning: 'the text is longer than 1600 characters', class: 'text' },
  21703: { meaning: 'the messaging service has no sender', class: 'provider' },
  21705: { meaning: 'the messaging service is not valid', class: 'provider' },
  30001: { meaning: 'queue overflow', class: 'throttled' },
  30002: { meaning: 'the account is suspended', class: 'provider' },
  30003: { meaning: 'the handset could not be reached', class: 'submission' },
  30004: { meaning: 'blocked by the carrier or the subscriber', class: 'submission' },
  30005: { meaning: 'unknown handset', class: 'number' },
  30006: { meaning: 'a landline, or a carrier that cannot be reached', class: 'number' },
  30007: { meaning: 'filtered for its content', class: 'text' },
  30008: { meaning: 'unknown error', class: 'submission' },
  30009: { meaning: 'a part was missing', class: 'submission' },
  30010: { meaning: 'the price is over the highest allowed', class: 'submission' },
  30022: { meaning: 'too many for this sender or carrier', class: 'submission' },
  30034: { meaning: 'the sender is not registered (10DLC, United States)', class: 'submission' },
  35114: { meaning: 'the time to send at is not valid', class: 'submission' },
  35115: { meaning: 'the time to send at is not valid', class: 'submission' },
  35117: { meaning: 'the time to send at is not allowed', class: 'submission' },
  35118: { meaning: 'scheduling needs a messaging service', class: 'submission' },
  35125: { meaning: 'too many scheduled messages', class: 'throttled' },
}

export interface TwilioError {
  status: number
  /** Twilio's own code, where the answer had one. */
  code?: string
  retryAfterMs?: number
}

/** An error answer to a submission. The provider's own words are left out: they name the number. */
export function classifyTwilioError({ status, code, retryAfterMs }: TwilioError): SendOutcome {
  const shownCode = code ?? `HTTP_${status}`
  const { class: outcome, meaning: detail } = findEntry(status, code)
  switch (outcome) {
    case 'in_doubt':
      return { kind: 'in_doubt', code: shownCode, detail }
    case 'throttled':
      return {
        kind: 'throttled',
        code: shownCode,
        detail,
        ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
      }
    default:
      return { kind: 'refused', reason: outcome, code: shownCode, detail }
  }
}

function findEntry(status: number, code: string | undefined): CodeEntry {
  // Whatever the body says, a 429 was not taken and a 5xx may have been.
  const known = code === undefined ? undefined : TWILIO_CODES[code]
  if (status === 429) return { meaning: 'too many requests', ...known, class: 'throttled' }
  if (status >= 500) return { meaning: 'server error', ...known, class: 'in_doubt' }
  if (status < 400) return { meaning: 'an answer nobody can read', class: 'in_doubt' }
  if (known !== undefined) return known
  return status === 401 || status === 403
    ? { meaning: 'access was denied', class: 'provider' }
    : { meaning: `status ${status} with a code that our table does not have`, class: 'submission' }
}
