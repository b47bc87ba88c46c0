import { createHmac, randomBytes, randomUUID } from 'node:crypto'
import twilio from 'twilio'
import { request } from 'undici'
import { z } from 'zod'

/** What somebody sends from a handset; `reference` is drawn where a test does not give one. */
export const PersonText = z.strictObject({
  from: z.string().min(1).max(64),
  to: z.string().max(64).default('+15005550006'),
  body: z.string().max(5_000),
  reference: z.string().optional(),
  /** Twilio's Advanced Opt-Out has acted on the word. */
  optOutType: z.enum(['STOP', 'START', 'HELP']).optional(),
})
export type PersonText = z.input<typeof PersonText>

export interface TextAnswer {
  status: number
  body: string
  /** The id under which it was told: to tell it again. */
  reference: string
}

const LIMIT_MS = 15_000

export interface TwilioSender {
  accountSid: string
  authToken: string
  /** Of the gateway, as Twilio calls and signs it. */
  url: string
}

/** An inbound text as Twilio tells it: providers.md, 4.4 and 4.5. */
export async function sendTwilioText(sender: TwilioSender, given: PersonText): Promise<TextAnswer> {
  const text = PersonText.parse(given)
  const reference = text.reference ?? `SM${randomBytes(16).toString('hex')}`
  const params = {
    ApiVersion: '2010-04-01',
    AccountSid: sender.accountSid,
    MessageSid: reference,
    SmsMessageSid: reference,
    SmsSid: reference,
    SmsStatus: 'received',
    From: text.from,
    To: text.to,
    Body: text.body,
    NumMedia: '0',
    NumSegments: '1',
    ...(text.optOutType !== undefined && { OptOutType: text.optOutType }),
  }
  const { url, authToken } = sender
  const answer = await post(url, new URLSearchParams(params).toString(), {
    'content-type': 'application/x-www-form-urlencoded; charset=UTF-8',
    'x-twilio-signature': twilio.getExpectedTwilioSignature(authToken, url, params),
    'i-twilio-idempotency-token': randomUUID(),
    'user-agent': 'TwilioProxy/1.1',
  })
  return { ...answer, reference }
}

/** The same as a relay pushes it for Chunghwa, signed as its receipts are: contract.md, 7. */
export async function sendRelayText(
  { secret, url }: { secret: string; url: string },
  given: PersonText,
  now = new Date(),
): Promise<TextAnswer> {
  const { from, to, body: text, ...rest } = PersonText.parse(given)
  const reference = rest.reference ?? `M${randomBytes(8).toString('hex')}`
  const body = JSON.stringify({ messageid: reference, from_addr: from, to_addr: to, text })
  const timestamp = String(Math.floor(now.getTime() / 1_000))
  const signature = createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex')
  const answer = await post(url, body, {
    'content-type': 'application/json',
    'x-cht-timestamp': timestamp,
    'x-cht-signature': signature,
  })
  return { ...answer, reference }
}

async function post(url: string, body: string, headers: Record<string, string>) {
  const response = await request(url, {
    ...{ method: 'POST', body, headers },
    ...{ headersTimeout: LIMIT_MS, bodyTimeout: LIMIT_MS },
  })
  return { status: response.statusCode, body: await response.body.text() }
}
