import type { ClaimedMessage } from '@sms-gateway/db/claim-messages'
import { parsePhone } from '@sms-gateway/domain/phone'
import { holdForQuiet, type QuietPolicy } from '@sms-gateway/domain/quiet-policy'
import { findSuppression, type SuppressionPolicy } from '@sms-gateway/domain/suppression'

export interface GateRules {
  /** `SMS_ALLOWED_RECIPIENTS`: when it is given, nobody else is really sent to. */
  allowedRecipients: ReadonlySet<string> | undefined
  quiet: QuietPolicy
  suppression: SuppressionPolicy
}

export type Verdict =
  | { kind: 'go' }
  | { kind: 'hold'; until: Date; reason: 'quiet-hours' }
  | {
      kind: 'end'
      status: 'expired' | 'suppressed'
      error: { code: string; detail: string }
    }

export type GateFacts = Pick<
  ClaimedMessage,
  'expiresAt' | 'permissions' | 'phone' | 'messageType' | 'timeZone'
>

/** Asked at the last moment before each attempt, however the message came in. */
export function askGates(
  facts: GateFacts,
  now: Date,
  { allowedRecipients, quiet, suppression }: GateRules,
): Verdict {
  const { expiresAt, permissions, phone, messageType } = facts
  if (expiresAt <= now) {
    return end('expired', 'expired', 'expires_at passed before a provider took it')
  }
  const found = findSuppression(messageType, permissions, suppression)
  if (found) return end('suppressed', found.code, found.detail)
  if (allowedRecipients && !allowedRecipients.has(phone)) {
    const detail = 'SMS_ALLOWED_RECIPIENTS does not name this number'
    return end('suppressed', 'recipient-not-allowed', detail)
  }
  const until = holdForQuiet(facts, quiet, now)
  return until ? { kind: 'hold', until, reason: 'quiet-hours' } : { kind: 'go' }
}

function end(status: 'expired' | 'suppressed', code: string, detail: string): Verdict {
  return { kind: 'end', status, error: { code, detail } }
}

/** Numbers that are none cannot be anybody's, so they allow nobody. */
export function readAllowedRecipients(
  numbers: readonly string[] | undefined,
): ReadonlySet<string> | undefined {
  return numbers && new Set(numbers.map(toPhone))
}

function toPhone(text: string): string {
  const parsed = parsePhone(text, ['TW', 'US'])
  return parsed.kind === 'ok' ? parsed.phone : text
}
