import type { Request } from 'express'
import { verifyChunghwaSignature } from '@sms-gateway/providers/chunghwa-receipt'
import { type FormParams, readFormParams } from '@sms-gateway/providers/form-params'
import { verifyTwilioSignature } from '@sms-gateway/providers/twilio-receipt'
import { HttpProblem } from '@sms-gateway/service-kit/problem'

export interface SigningSecrets {
  /** Twilio signs the public URL; without an account nothing can be verified, and everything is refused. */
  twilio: { authToken: string; webhookUrl?: string } | undefined
  chunghwa: { webhookSecret?: string } | undefined
  now: () => Date
}

export interface SignedForm {
  params: FormParams
  query: string | undefined
  body: string
}

/**
 * Over the public URL as Twilio called it, not over what a proxy made of it.
 * @param path - behind the public base, `TWILIO_WEBHOOK_URL`.
 */
export function readSignedTwilio(
  { twilio }: SigningSecrets,
  req: Request,
  path: string,
): SignedForm {
  const body = bodyOf(req).toString('utf8')
  const params = readFormParams(body)
  const query = req.originalUrl.split('?')[1]
  if (!twilio) throw refuseSignature()
  const called = `${twilio.webhookUrl ?? ''}${path}`
  const url = query === undefined ? called : `${called}?${query}`
  const signature = req.get('x-twilio-signature')
  const { authToken } = twilio
  if (!verifyTwilioSignature({ authToken, signature, url, params })) throw refuseSignature()
  return { params, query, body }
}

/** What a relay pushes for Chunghwa: contract.md, 7. */
export function readSignedChunghwa(
  { chunghwa, now }: SigningSecrets,
  req: Request,
): { json: unknown; body: string } {
  const rawBody = bodyOf(req)
  const signed = {
    secret: chunghwa?.webhookSecret ?? '',
    timestamp: req.get('x-cht-timestamp'),
    signature: req.get('x-cht-signature'),
    rawBody,
    now: now(),
  }
  if (!verifyChunghwaSignature(signed)) throw refuseSignature()
  const body = rawBody.toString('utf8')
  return { json: parseJson(body), body }
}

function bodyOf(req: Request): Buffer {
  if (!Buffer.isBuffer(req.body)) throw new Error('the route has no rawBody before it')
  return req.body
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    throw new HttpProblem('invalid-json', 'The body is not JSON.')
  }
}

function refuseSignature(): HttpProblem {
  return new HttpProblem(
    'signature-invalid',
    'The signature is missing or does not fit the request.',
  )
}
