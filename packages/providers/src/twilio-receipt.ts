import twilio from 'twilio'
import type { DeliveryReport, DeliveryStatus } from '@sms-gateway/domain/provider'
import type { FormParams } from './form-params.ts'
import { TWILIO_CODES } from './twilio-codes.ts'
import { TwilioSid } from './twilio-reply.ts'

export interface SignedTwilioRequest {
  authToken: string
  /** The `X-Twilio-Signature` header. */
  signature: string | undefined
  /** As Twilio called it, from the configured public base, with the query. */
  url: string
  params: FormParams
}

/** By the official client's validator, which compares in constant time. */
export function verifyTwilioSignature(request: SignedTwilioRequest): boolean {
  const { authToken, signature, url, params } = request
  if (signature === undefined || signature === '') return false
  return twilio.validateRequest(authToken, signature, url, params)
}

const STATUS: Readonly<Record<string, DeliveryStatus>> = {
  queued: 'accepted',
  accepted: 'accepted',
  scheduled: 'accepted',
  sending: 'sent',
  sent: 'sent',
  delivered: 'delivered',
  read: 'delivered',
  undelivered: 'undelivered',
  failed: 'undelivered',
  canceled: 'undelivered',
}

/** The subscriber's own "no"; 30004 may as well be the carrier's. */
const OPT_OUT_CODES = new Set(['21610'])

/**
 * `undefined` for a form that is not a status receipt, or a status that our table does not have. The time in
 * `RawDlrDoneDate` is in the carrier's zone, which is not told, so it is not read.
 */
export function readTwilioReceipt(params: FormParams): DeliveryReport | undefined {
  const sid = TwilioSid.safeParse(params['MessageSid'] ?? params['SmsSid'])
  const name = params['MessageStatus'] ?? params['SmsStatus']
  const status = typeof name === 'string' && Object.hasOwn(STATUS, name) ? STATUS[name] : undefined
  if (!sid.success || status === undefined) return undefined
  return { reference: sid.data, status, ...readError(params['ErrorCode']) }
}

function readError(code: string | readonly string[] | undefined) {
  if (typeof code !== 'string' || !/^\d{4,6}$/.test(code)) return {}
  return {
    errorCode: code,
    detail: TWILIO_CODES[code]?.meaning ?? 'a code that our table does not have',
    ...(OPT_OUT_CODES.has(code) ? { optedOut: true } : {}),
  }
}
