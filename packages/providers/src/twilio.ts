import { toAttemptId } from '@sms-gateway/domain/ids'
import type { LookUpResult, Provider, SendOutcome } from '@sms-gateway/domain/provider'
import { createHttpTransport } from './http-transport.ts'
import { createTwilioClient } from './twilio-client.ts'
import {
  readBalance,
  readCreateReply,
  readMessagePage,
  type ListedMessage,
  type TwilioReply,
} from './twilio-reply.ts'
import { toUnavailable } from './unanswered.ts'

export interface TwilioConfig {
  accountSid: string
  authToken: string
  /** One of the two; with both, Twilio picks this number from the service. */
  from?: string
  messagingServiceSid?: string
  baseUrl?: string
  /** Public base of our API (`https://host/api/v1`): receipts name their attempt in the query that Twilio signs. */
  webhookUrl?: string
  timeoutMs: number
  connections: number
}

const BASE_URL = 'https://api.twilio.com'
const MAX_VALIDITY_SECONDS = 36_000

const PAGE_SIZE = 50
const MAX_PAGES = 3
/** Twilio's clock and ours may differ, and its times are whole seconds. */
const CLOCK_SKEW_MS = 60_000

export function createTwilio(config: TwilioConfig, now = () => new Date()): Provider {
  const transport = createHttpTransport({
    baseUrl: config.baseUrl ?? BASE_URL,
    connections: config.connections,
  })
  const { timeoutMs } = config
  const client = createTwilioClient(config, transport)
  const { messages, balance } = client.api
  const sender = toSender(config)

  return {
    name: 'twilio',
    countParts: () => 1,

    async send({ attempt, to, text, expiresAt }, { sendBy, signal }) {
      const reply = await client.call({ sendBy, signal, timeoutMs }, () =>
        messages.create({
          to,
          ...sender,
          body: text,
          validityPeriod: toValiditySeconds(expiresAt, now()),
          ...(config.webhookUrl === undefined
            ? {}
            : { statusCallback: toStatusCallback(config.webhookUrl, toAttemptId(attempt)) }),
        }),
      )
      const outcome: SendOutcome = readCreateReply(reply, now())
      return [{ part: 1, outcome }]
    },

    // No date filter: Twilio's looks at the time of sending, which a message that still waits does not have.
    async lookUp({ to, text, since }, signal) {
      const oldest = since.getTime() - CLOCK_SKEW_MS
      const recent: ListedMessage[] = []
      let ask = () => messages.page({ to, pageSize: PAGE_SIZE })
      for (let page = 1; page <= MAX_PAGES; page++) {
        const reply = await client.call({ signal, timeoutMs }, ask)
        const listed = readMessagePage(reply)
        if (listed === undefined) return toUnreadable(reply)
        recent.push(...listed.messages.filter(({ date_created }) => date_created >= oldest))
        const next = listed.next_page_uri
        const isWhole = !next || listed.messages.some(({ date_created }) => date_created < oldest)
        if (isWhole) return toLookUpResult(recent, text)
        ask = () => messages.getPage(`${BASE_URL}${next}`)
      }
      const found = toLookUpResult(recent, text)
      // Absent would mean that it may be sent again: not to be said without having seen everything.
      return found.kind === 'absent'
        ? { kind: 'unavailable', detail: 'too many messages to this number since then' }
        : found
    },

    async fetchBalance(signal) {
      return readBalance(await client.call({ signal, timeoutMs }, () => balance.fetch()))
    },

    close: () => transport.close(),
  }
}

/** Smart encoding is a setting of the service: it would change the text we counted, and by which we look it up. */
function toSender({ from, messagingServiceSid }: TwilioConfig): {
  from?: string
  messagingServiceSid?: string
  smartEncoded?: boolean
} {
  return {
    ...(from === undefined ? {} : { from }),
    ...(messagingServiceSid === undefined ? {} : { messagingServiceSid, smartEncoded: false }),
  }
}

export function toStatusCallback(webhookUrl: string, attemptId: string): string {
  return `${webhookUrl.replace(/\/$/, '')}/sms/delivery/twilio?attempt=${attemptId}`
}

function toValiditySeconds(expiresAt: Date, now: Date): number {
  const seconds = Math.floor((expiresAt.getTime() - now.getTime()) / 1_000)
  return Math.min(Math.max(seconds, 1), MAX_VALIDITY_SECONDS)
}

function toLookUpResult(newestFirst: readonly ListedMessage[], text: string): LookUpResult {
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
