import twilio from 'twilio'
import { type Agent, request } from 'undici'
import type { PlannedEvent, TwilioMessage } from './twilio-messages.ts'

export interface ReceiptSigner {
  accountSid: string
  authToken: string
}

/** One signed callback; false where it did not arrive, whatever the reason. */
export async function postReceipt(
  agent: Agent,
  message: TwilioMessage,
  event: PlannedEvent,
  { accountSid, authToken }: ReceiptSigner,
): Promise<boolean> {
  // The fragment is for Twilio alone: neither called nor signed.
  const url = message.statusCallback?.split('#', 1)[0] ?? ''
  const params = toParams(message, event, accountSid)
  try {
    const { statusCode, body } = await request(url, {
      method: 'POST',
      dispatcher: agent,
      headers: {
        'content-type': 'application/x-www-form-urlencoded; charset=UTF-8',
        'x-twilio-signature': twilio.getExpectedTwilioSignature(authToken, url, params),
        'i-twilio-idempotency-token': toToken(message, event),
        'user-agent': 'TwilioProxy/1.1',
      },
      body: new URLSearchParams(params).toString(),
    })
    await body.dump()
    return statusCode >= 200 && statusCode < 300
  } catch {
    // Whatever the reason, the receipt did not arrive.
    return false
  }
}

function toParams(
  message: TwilioMessage,
  { status, errorCode, at }: PlannedEvent,
  accountSid: string,
): Record<string, string> {
  const isFinal = status !== 'sent'
  return {
    ...(errorCode === null ? {} : { ErrorCode: String(errorCode), ErrorMessage: 'simulated' }),
    ApiVersion: '2010-04-01',
    MessageStatus: status,
    ...(isFinal ? { RawDlrDoneDate: toDoneDate(at) } : {}),
    SmsSid: message.sid,
    SmsStatus: status,
    To: message.to,
    ...(message.from === null ? {} : { From: message.from }),
    MessageSid: message.sid,
    AccountSid: accountSid,
    ...(message.messagingServiceSid === null
      ? {}
      : { MessagingServiceSid: message.messagingServiceSid }),
  }
}

/** `YYMMDDhhmm` in the carrier's zone. */
function toDoneDate(at: number): string {
  const taiwan = new Date(at + 8 * 60 * 60_000)
  return taiwan.toISOString().replace(/\D/g, '').slice(2, 12)
}

/** The same for every repeat of one event, after a restart too. */
function toToken({ sid }: TwilioMessage, { status }: PlannedEvent): string {
  const hex = sid.slice(2)
  const kind = { sent: 1, delivered: 2, undelivered: 3, canceled: 4 }[status]
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(12, 15)}-8${kind}${hex.slice(16, 18)}-${hex.slice(20)}`
}
