import { toAttemptId } from '@sms-gateway/domain/ids'
import type { Provider } from '@sms-gateway/domain/provider'
import { createHttpTransport } from './http-transport.ts'
import { waitForWindow } from './send-window.ts'
import { createTwilioClient, TWILIO_BASE_URL } from './twilio-client.ts'
import { lookUpMessages } from './twilio-look-up.ts'
import { readBalance, readCreateReply } from './twilio-reply.ts'
import { readTwilioStatus } from './twilio-status.ts'

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

const MAX_VALIDITY_SECONDS = 36_000

export function createTwilio(config: TwilioConfig, now = () => new Date()): Provider {
  const transport = createHttpTransport({
    baseUrl: config.baseUrl ?? TWILIO_BASE_URL,
    connections: config.connections,
  })
  const { timeoutMs } = config
  const client = createTwilioClient(config, transport)
  const { messages, balance } = client.api
  const sender = toSender(config)

  return {
    name: 'twilio',
    countParts: () => 1,

    async send({ attempt, to, text, expiresAt }, limits) {
      const sendBy = await waitForWindow(limits, 0)
      const { signal } = limits
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
      return [{ part: 1, outcome: readCreateReply(reply, now()) }]
    },

    lookUp: (query, signal) => lookUpMessages(client, query, { signal, timeoutMs }),

    async fetchReceipt({ reference }, signal) {
      return readTwilioStatus(
        await client.call({ signal, timeoutMs }, () => messages(reference).fetch()),
      )
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

function toStatusCallback(webhookUrl: string, attemptId: string): string {
  return `${webhookUrl.replace(/\/$/, '')}/sms/delivery/twilio?attempt=${attemptId}`
}

function toValiditySeconds(expiresAt: Date, now: Date): number {
  const seconds = Math.floor((expiresAt.getTime() - now.getTime()) / 1_000)
  return Math.min(Math.max(seconds, 1), MAX_VALIDITY_SECONDS)
}
