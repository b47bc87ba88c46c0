import type { SendRequest } from '@sms-gateway/contracts/send-request'
import type { Budget } from '@sms-gateway/domain/budget'
import { findHoldOut } from '@sms-gateway/domain/experiment'
import { defaultExpiry } from '@sms-gateway/domain/expiry'
import { createMessageId } from '@sms-gateway/domain/ids'
import { chooseLane } from '@sms-gateway/domain/lane'
import type { MessageOrigin, MessageWarning, NewMessage } from '@sms-gateway/domain/message'
import { type PriceList, priceOf } from '@sms-gateway/domain/money'
import { parsePhone } from '@sms-gateway/domain/phone'
import type { ProviderName } from '@sms-gateway/domain/provider'
import { holdForQuiet, type QuietPolicy } from '@sms-gateway/domain/quiet-policy'
import { measureText } from '@sms-gateway/domain/segments'
import {
  findSuppression,
  type Permissions,
  type Suppression,
  type SuppressionPolicy,
} from '@sms-gateway/domain/suppression'
import { warnings } from '@sms-gateway/domain/text-rules'
import { type PreparedText, prepareText, type TextContext, type TextRules } from './prepare-text.ts'
import { refuse, type Refused } from './refusal.ts'

export interface PreparationRules extends TextRules {
  allowedCountries: readonly string[]
  registeredUrls: readonly string[]
  quiet: QuietPolicy
  suppression: SuppressionPolicy
  /** `SMS_DUPLICATE_WINDOW_SECONDS`; 0 is off. */
  duplicateWindowSeconds: number
  /** Of each client, from the environment: one of its own goes before. */
  budgets: readonly Budget[]
  /** `SMS_OPT_OUT_URL` */
  optOutUrl?: string | undefined
  /** Whose price a message is estimated at. */
  primaryProvider: ProviderName
}

export type Preparation = { kind: 'ok'; message: NewMessage } | Refused

/** What a request alone does not say. */
export interface PreparationContext extends Omit<TextContext, 'phone'> {
  clientId: string
  now: Date
  /** The customer's own zone, where one was set. */
  timeZone: string | null
  /** What the text bears; null where it is the company's name. */
  senderName: string | null
  /** What the recipient lets us send. */
  permissions: Permissions
  prices: PriceList
  /** For one of a batch, of a campaign, or in the stead of another. */
  origin?: Partial<MessageOrigin>
}

/** A clock that is a little behind ours is no reason to refuse a message that is to go "now". */
const SCHEDULE_GRACE_MS = 5_000

/** Makes a message of a request, or says why it is impossible. Pure: nothing is stored here. */
export function prepareMessage(
  request: SendRequest,
  context: PreparationContext,
  rules: PreparationRules,
): Preparation {
  const { clientId, now, origin = {} } = context
  const phone = parsePhone(request.phone, rules.allowedCountries)
  if (phone.kind === 'refused') return phone
  const named = nameSender(rules, context)
  const text = prepareText(request, { ...context, phone: phone.phone }, named)
  if (text.kind === 'refused') return text
  const times = readTimes(request, context, rules)
  if (times.kind === 'refused') return times

  const { encoding, segments } = measureText(text.text)
  const price = { provider: rules.primaryProvider, country: phone.country, at: now }
  const start = toStart(times, whySuppressed(request, context, text, rules))
  const message: NewMessage = {
    id: createMessageId(now),
    clientId,
    status: start.status,
    notBefore: start.notBefore,
    holdReason: start.holdReason,
    error: start.error,
    lane: chooseLane(request.message_type, request.priority),
    channel: 'sms',
    messageType: request.message_type,
    customerId: request.customer_id ?? null,
    phone: phone.phone,
    country: phone.country,
    text: text.text,
    metadata: request.metadata ?? null,
    mediaUrls: request.media_urls ?? [],
    encoding,
    segments,
    costMilli: priceOf(context.prices, price, segments),
    templateCode: text.templateCode,
    templateVersion: text.templateVersion,
    variant: text.variant,
    experiment: text.experiment,
    campaignId: origin.campaignId ?? null,
    batchId: origin.batchId ?? null,
    retryOf: origin.retryOf ?? null,
    scheduleAt: times.scheduleAt,
    expiresAt: times.expiresAt,
    warnings: listWarnings(request, text.text, rules),
    createdAt: now,
  }
  return { kind: 'ok', message }
}

function whySuppressed(
  { message_type: messageType }: SendRequest,
  { permissions }: PreparationContext,
  { holdOutGets }: PreparedText,
  { suppression }: PreparationRules,
): Suppression | undefined {
  return (
    findSuppression(messageType, permissions, suppression) ??
    findHoldOut(messageType, holdOutGets, suppression)
  )
}

interface Times extends Pick<NewMessage, 'scheduleAt' | 'expiresAt'> {
  quietEnd: Date | undefined
}

/** The name that the text bears is the customer's or the client's own, where one was set. */
function nameSender(rules: PreparationRules, { senderName }: PreparationContext): PreparationRules {
  return senderName === null ? rules : { ...rules, companyName: senderName }
}

/** When it goes: at once, at its time, or when the recipient's night is over. The dispatcher asks again at the moment. */
function readTimes(
  request: SendRequest,
  { now, timeZone }: PreparationContext,
  { quiet }: PreparationRules,
): ({ kind: 'ok' } & Times) | Refused {
  const { schedule_at: wanted, expires_at: expiresAt, message_type: messageType } = request
  if (wanted && wanted.getTime() < now.getTime() - SCHEDULE_GRACE_MS) {
    const detail = 'schedule_at has passed: give a moment to come, or leave it out.'
    return refuse('schedule-in-past', detail)
  }
  const scheduleAt = wanted && wanted > now ? wanted : null
  const dueAt = scheduleAt ?? now
  if (expiresAt && expiresAt <= dueAt) {
    const detail = 'expires_at is before the message could go: give a later moment.'
    return refuse('expires-in-past', detail)
  }
  const quietEnd = holdForQuiet({ messageType, timeZone }, quiet, dueAt)
  return {
    kind: 'ok',
    scheduleAt,
    quietEnd,
    expiresAt: expiresAt ?? defaultExpiry(messageType, quietEnd ?? dueAt),
  }
}

type Start = Pick<NewMessage, 'status' | 'notBefore' | 'holdReason' | 'error'>

function toStart({ scheduleAt, quietEnd }: Times, suppression: Suppression | undefined): Start {
  const start = { notBefore: null, holdReason: null, error: null }
  // Accepted, and at its end: the producer is told why, and nobody is sent anything.
  if (suppression) return { ...start, status: 'suppressed', error: suppression }
  if (scheduleAt) return { ...start, status: 'scheduled', notBefore: scheduleAt }
  return quietEnd
    ? { ...start, status: 'held', notBefore: quietEnd, holdReason: 'quiet-hours' }
    : { ...start, status: 'queued' }
}

function listWarnings(
  request: SendRequest,
  text: string,
  { registeredUrls }: PreparationRules,
): MessageWarning[] {
  const found = warnings(text, { registeredUrls }).map(({ code, detail }) => ({ code, detail }))
  if ((request.media_urls?.length ?? 0) === 0) return found
  const detail = 'An SMS carries no media: the text is sent without them.'
  return [...found, { code: 'media-not-sent', detail }]
}
