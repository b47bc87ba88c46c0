import type { SendRequest } from '@sms-gateway/contracts/send-request'
import { defaultExpiry } from '@sms-gateway/domain/expiry'
import { createMessageId } from '@sms-gateway/domain/ids'
import { chooseLane } from '@sms-gateway/domain/lane'
import type { MessageWarning, NewMessage } from '@sms-gateway/domain/message'
import { priceOf } from '@sms-gateway/domain/money'
import { parsePhone } from '@sms-gateway/domain/phone'
import type { ProviderName } from '@sms-gateway/domain/provider'
import { measureText } from '@sms-gateway/domain/segments'
import { withSenderIdentity } from '@sms-gateway/domain/sender-identity'
import { checkText, warnings } from '@sms-gateway/domain/text-rules'

export interface PreparationRules {
  companyName: string
  allowedCountries: readonly string[]
  registeredUrls: readonly string[]
  /** Whose price a message is estimated at. */
  primaryProvider: ProviderName
}

export type RefusalCode =
  | 'phone-invalid'
  | 'country-not-allowed'
  | 'text-empty'
  | 'text-too-long'
  | 'template-not-found'
  | 'schedule-in-past'
  | 'expires-in-past'

export type Preparation =
  { kind: 'ok'; message: NewMessage } | { kind: 'refused'; code: RefusalCode; detail: string }

/** A clock that is a little behind ours is no reason to refuse a message that is to go "now". */
const SCHEDULE_GRACE_MS = 5_000

/** Makes a message of a request, or says why it is impossible. Pure: nothing is stored here. */
export function prepareMessage(
  request: SendRequest,
  { clientId, now }: { clientId: string; now: Date },
  rules: PreparationRules,
): Preparation {
  const phone = parsePhone(request.phone, rules.allowedCountries)
  if (phone.kind === 'refused') return phone
  const text = readText(request, rules)
  if (text.kind === 'refused') return text
  const times = readTimes(request, now)
  if (times.kind === 'refused') return times

  const { encoding, segments } = measureText(text.text)
  const message: NewMessage = {
    id: createMessageId(now),
    clientId,
    status: times.scheduleAt ? 'scheduled' : 'queued',
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
    costMilli: priceOf(rules.primaryProvider, segments),
    scheduleAt: times.scheduleAt,
    expiresAt: times.expiresAt,
    warnings: listWarnings(request, text.text, rules),
    createdAt: now,
  }
  return { kind: 'ok', message }
}

type Refused = Extract<Preparation, { kind: 'refused' }>

function readText(
  { message, template_code: code }: SendRequest,
  { companyName }: PreparationRules,
): { kind: 'ok'; text: string } | Refused {
  if (message === undefined) {
    return refuse('template-not-found', `There is no template "${code ?? ''}".`)
  }
  if (message.trim() === '')
    return refuse('text-empty', 'The text is empty: give message some text.')
  const text = withSenderIdentity(message, companyName)
  const verdict = checkText(text)
  return verdict.kind === 'ok' ? { kind: 'ok', text } : verdict
}

function readTimes(
  { schedule_at: scheduleAt, expires_at: expiresAt, message_type: type }: SendRequest,
  now: Date,
): { kind: 'ok'; scheduleAt: Date | null; expiresAt: Date } | Refused {
  if (scheduleAt && scheduleAt.getTime() < now.getTime() - SCHEDULE_GRACE_MS) {
    return refuse(
      'schedule-in-past',
      'schedule_at has passed: give a moment to come, or leave it out.',
    )
  }
  const goesAt = scheduleAt && scheduleAt > now ? scheduleAt : now
  if (expiresAt && expiresAt <= goesAt) {
    return refuse(
      'expires-in-past',
      'expires_at is before the message could go: give a later moment.',
    )
  }
  return {
    kind: 'ok',
    scheduleAt: goesAt === now ? null : goesAt,
    expiresAt: expiresAt ?? defaultExpiry(type, goesAt),
  }
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

function refuse(code: RefusalCode, detail: string): Refused {
  return { kind: 'refused', code, detail }
}
