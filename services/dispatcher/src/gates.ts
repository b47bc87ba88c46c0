import type { ClaimedMessage } from '@sms-gateway/db/claim-messages'
import { parsePhone } from '@sms-gateway/domain/phone'
import { holdForQuiet, type QuietPolicy } from '@sms-gateway/domain/quiet-policy'

export interface GateRules {
  /** `SMS_ALLOWED_RECIPIENTS`: when it is given, nobody else is really sent to. */
  allowedRecipients: ReadonlySet<string> | undefined
  quiet: QuietPolicy
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
  'expiresAt' | 'optedOut' | 'phone' | 'messageType' | 'timeZone'
>

/** Asked at the last moment before each attempt, however the message came in. */
export function askGates(
  facts: GateFacts,
  now: Date,
  { allowedRecipients, quiet }: GateRules,
): Verdict {
  const { expiresAt, optedOut, phone } = facts
  if (expiresAt <= now) {
    return end('expired', 'expired', 'expires_at passed before a provider took it')
  }
  if (optedOut) return end('suppressed', 'opted-out', 'the recipient has opted out')
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
