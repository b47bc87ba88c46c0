import type { ClaimedMessage } from '@sms-gateway/db/claim-messages'
import { closedUntil } from '@sms-gateway/domain/deliver-window'
import { CAMPAIGN_PAUSED, EXPIRED, GATEWAY_PAUSED, outlivesPause } from '@sms-gateway/domain/expiry'
import { parsePhone } from '@sms-gateway/domain/phone'
import { holdForQuiet, type QuietPolicy } from '@sms-gateway/domain/quiet-policy'
import { findSuppression, type SuppressionPolicy } from '@sms-gateway/domain/suppression'

export interface GateRules {
  /** `SMS_ALLOWED_RECIPIENTS`: when it is given, nobody else is really sent to. */
  allowedRecipients: ReadonlySet<string> | undefined
  quiet: QuietPolicy
  suppression: SuppressionPolicy
}

type EndStatus = 'expired' | 'suppressed' | 'cancelled'

export type Verdict =
  | { kind: 'go' }
  /** The gateway was paused after the claim: as nothing is claimed then, nothing goes either. */
  | { kind: 'stand-still' }
  | { kind: 'hold'; until: Date; reason: 'quiet-hours' | 'deliver-between' | 'campaign-stopped' }
  /** Nothing more goes. What a provider may have already does not end as if it had not gone: `giveBackMessages` asks. */
  | {
      kind: 'end'
      status: EndStatus
      error: { code: string; detail: string }
    }

export interface GateFacts extends Pick<
  ClaimedMessage,
  | 'expiresAt'
  | 'expiredInPause'
  | 'permissions'
  | 'phone'
  | 'messageType'
  | 'timeZone'
  | 'campaign'
  | 'pinnedProvider'
> {
  gatewayRuns: boolean
}

/** Asked at the last moment before each attempt, however the message came in. */
export function askGates(
  facts: GateFacts,
  now: Date,
  { allowedRecipients, quiet, suppression }: GateRules,
): Verdict {
  const { expiresAt, permissions, phone, messageType } = facts
  if (!facts.gatewayRuns) return { kind: 'stand-still' }
  if (expiresAt <= now && !waitsForCampaign(facts)) return expire(facts)
  const found = findSuppression(messageType, permissions, suppression)
  if (found) return end('suppressed', found.code, found.detail)
  if (allowedRecipients && !allowedRecipients.has(phone)) {
    const detail = 'SMS_ALLOWED_RECIPIENTS does not name this number'
    return end('suppressed', 'recipient-not-allowed', detail)
  }
  const until = holdForQuiet(facts, quiet, now)
  if (until) return { kind: 'hold', until, reason: 'quiet-hours' }
  return askCampaign(facts, now, quiet)
}

/** Whoever stopped its campaign decides what becomes of it: the time until then is added to its life. */
function waitsForCampaign({ campaign, pinnedProvider, messageType }: GateFacts): boolean {
  return isStopped(campaign) && pinnedProvider === null && outlivesPause(messageType)
}

function isStopped(campaign: GateFacts['campaign']): boolean {
  return campaign?.status === 'paused' || campaign?.status === 'halted'
}

function expire({ campaign, expiredInPause }: GateFacts): Verdict {
  const error = expiredInPause ? GATEWAY_PAUSED : isStopped(campaign) ? CAMPAIGN_PAUSED : EXPIRED
  return { kind: 'end', status: 'expired', error }
}

/** A stop holds what waits at once; what was on its way to a provider then comes by here. */
const STOPPED_WAIT_MS = 60_000

function askCampaign(
  { campaign, pinnedProvider, timeZone }: GateFacts,
  now: Date,
  quiet: QuietPolicy,
): Verdict {
  // A text of which parts are out is finished, whatever becomes of its campaign.
  if (!campaign || pinnedProvider !== null) return { kind: 'go' }
  if (campaign.status === 'cancelled') {
    return end('cancelled', 'campaign-cancelled', 'its campaign was cancelled')
  }
  if (isStopped(campaign)) {
    const until = new Date(now.getTime() + STOPPED_WAIT_MS)
    return { kind: 'hold', until, reason: 'campaign-stopped' }
  }
  const zone = timeZone ?? quiet.timeZone
  const until = campaign.window ? closedUntil(now, campaign.window, zone) : undefined
  return until ? { kind: 'hold', until, reason: 'deliver-between' } : { kind: 'go' }
}

function end(status: EndStatus, code: string, detail: string): Verdict {
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
