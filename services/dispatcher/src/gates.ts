import type { ClaimedMessage } from '@sms-gateway/db/claim-messages'
import { parsePhone } from '@sms-gateway/domain/phone'

export interface GateRules {
  /** `SMS_ALLOWED_RECIPIENTS`: when it is given, nobody else is really sent to. */
  allowedRecipients: ReadonlySet<string> | undefined
}

export type Verdict =
  | { kind: 'go' }
  | {
      kind: 'end'
      status: 'expired' | 'suppressed'
      error: { code: string; detail: string }
    }

/** Asked at the last moment before each attempt, however the message came in. */
export function askGates(
  { expiresAt, optedOut, phone }: Pick<ClaimedMessage, 'expiresAt' | 'optedOut' | 'phone'>,
  now: Date,
  { allowedRecipients }: GateRules,
): Verdict {
  if (expiresAt <= now) {
    return end('expired', 'expired', 'expires_at passed before a provider took it')
  }
  if (optedOut) return end('suppressed', 'opted-out', 'the recipient has opted out')
  if (allowedRecipients && !allowedRecipients.has(phone)) {
    const detail = 'SMS_ALLOWED_RECIPIENTS does not name this number'
    return end('suppressed', 'recipient-not-allowed', detail)
  }
  return { kind: 'go' }
}

function end(status: 'expired' | 'suppressed', code: string, detail: string): Verdict {
  return { kind: 'end', status, error: { code, detail } }
}

/** Numbers that are none cannot be anybody's, so they allow nobody. */
export function readGateRules(allowedRecipients: readonly string[] | undefined): GateRules {
  return {
    allowedRecipients: allowedRecipients && new Set(allowedRecipients.map(toPhone)),
  }
}

function toPhone(text: string): string {
  const parsed = parsePhone(text, ['TW', 'US'])
  return parsed.kind === 'ok' ? parsed.phone : text
}
