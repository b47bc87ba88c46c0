import type { LookUpQuery, LookUpResult } from '@sms-gateway/domain/provider'
import type { ExchangeLimits } from './http-transport.ts'
import { TWILIO_BASE_URL, type TwilioClient } from './twilio-client.ts'
import { type ListedMessage, readMessagePage, type TwilioReply } from './twilio-reply.ts'
import { toUnavailable } from './unanswered.ts'

const PAGE_SIZE = 50
const MAX_PAGES = 3
/** Twilio's clock and ours may differ, and its times are whole seconds. */
const CLOCK_SKEW_MS = 60_000

/**
 * Our messages to a number with exactly this text, made since then. No date filter: Twilio's looks at the time of
 * sending, which a message that still waits does not have.
 */
export async function lookUpMessages(
  client: TwilioClient,
  { to, text, since }: LookUpQuery,
  limits: ExchangeLimits,
): Promise<LookUpResult> {
  const { messages } = client.api
  const oldest = since.getTime() - CLOCK_SKEW_MS
  const recent: ListedMessage[] = []
  let ask = () => messages.page({ to, pageSize: PAGE_SIZE })
  for (let page = 1; page <= MAX_PAGES; page++) {
    const reply = await client.call(limits, ask)
    const listed = readMessagePage(reply)
    if (listed === undefined) return toUnreadable(reply)
    recent.push(...listed.messages.filter(({ date_created }) => date_created >= oldest))
    const next = listed.next_page_uri
    const isWhole = !next || listed.messages.some(({ date_created }) => date_created < oldest)
    if (isWhole) return toResult(recent, text)
    ask = () => messages.getPage(TWILIO_BASE_URL + next)
  }
  const found = toResult(recent, text)
  // Absent would mean that it may be sent again: not to be said without having seen everything.
  return found.kind === 'absent'
    ? { kind: 'unavailable', detail: 'too many messages to this number since then' }
    : found
}

function toResult(newestFirst: readonly ListedMessage[], text: string): LookUpResult {
  const references = newestFirst
    .filter(({ body, direction }) => body === text && direction.startsWith('outbound'))
    .reverse()
    .sort((one, other) => one.date_created - other.date_created)
    .map(({ sid }) => sid)
  return references.length === 0 ? { kind: 'absent' } : { kind: 'found', references }
}

function toUnreadable({ exchange }: TwilioReply): LookUpResult {
  return exchange.kind === 'answered'
    ? { kind: 'unavailable', detail: `the provider answered ${exchange.status}` }
    : toUnavailable(exchange)
}
