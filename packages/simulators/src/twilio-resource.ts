import { statusAt, type TwilioMessage, type TwilioStatus } from './twilio-messages.ts'

const API_VERSION = '2010-04-01'

/** A message as Twilio's API shows it: every field, in Twilio's order. */
export function toMessageResource(message: TwilioMessage, accountSid: string, nowMs: number) {
  const current = statusAt(message, nowMs)
  const uri = `/${API_VERSION}/Accounts/${accountSid}/Messages/${message.sid}`
  return {
    body: message.body,
    num_segments: toSegments(message),
    direction: 'outbound-api',
    from: message.from,
    to: message.to,
    date_created: toRfc2822(message.createdAt),
    date_updated: toRfc2822(current.changedAt),
    date_sent: current.sentAt === null ? null : toRfc2822(current.sentAt),
    price: toPrice(message, current),
    price_unit: 'USD',
    error_code: current.errorCode,
    error_message: current.errorCode === null ? null : 'simulated',
    uri: `${uri}.json`,
    account_sid: accountSid,
    num_media: '0',
    status: current.status,
    messaging_service_sid: message.messagingServiceSid,
    sid: message.sid,
    api_version: API_VERSION,
    subresource_uris: { media: `${uri}/Media.json` },
  }
}

export type TwilioMessageResource = ReturnType<typeof toMessageResource>

export interface PageRequest {
  accountSid: string
  newestFirst: readonly TwilioMessage[]
  query: URLSearchParams
  nowMs: number
}

const MAX_PAGE_SIZE = 1_000

/** `PageToken` is the sid the next page begins after, so a page never shifts when messages come in. */
export function toMessagePage({ accountSid, newestFirst, query, nowMs }: PageRequest) {
  const pageSize = Math.min(Math.max(Number(query.get('PageSize') ?? 50), 1), MAX_PAGE_SIZE)
  const page = Number(query.get('Page') ?? 0)
  const after = newestFirst.findIndex(({ sid }) => `PA${sid}` === query.get('PageToken'))
  const start = after + 1
  const shown = newestFirst.slice(start, start + pageSize)
  const path = `/${API_VERSION}/Accounts/${accountSid}/Messages.json`
  const toUri = (number: number, token?: string): string => {
    const next = new URLSearchParams(query)
    next.set('PageSize', String(pageSize))
    next.set('Page', String(number))
    if (token !== undefined) next.set('PageToken', `PA${token}`)
    return `${path}?${next.toString()}`
  }
  const last = shown.at(-1)
  const hasMore = start + pageSize < newestFirst.length
  return {
    first_page_uri: toUri(0),
    end: start + shown.length - 1,
    previous_page_uri: null,
    messages: shown.map((message) => toMessageResource(message, accountSid, nowMs)),
    uri: toUri(page, undefined),
    page_size: pageSize,
    start,
    next_page_uri: hasMore && last ? toUri(page + 1, last.sid) : null,
    page,
  }
}

// With a Messaging Service the sender, and so the segments, are known only later.
function toSegments({ messagingServiceSid, from, numSegments }: TwilioMessage): string {
  return messagingServiceSid !== null && from === null ? '0' : String(numSegments)
}

function toPrice({ numSegments }: TwilioMessage, { status }: TwilioStatus): string | null {
  const isFinal = status === 'delivered' || status === 'undelivered'
  return isFinal ? `-${(numSegments * 0.0479).toFixed(5)}` : null
}

/** `Thu, 24 Aug 2023 05:01:45 +0000`. */
function toRfc2822(ms: number): string {
  return new Date(ms).toUTCString().replace('GMT', '+0000')
}
