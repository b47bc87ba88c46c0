import type { Request } from 'express'
import { Router } from 'express'
import { readAttemptId } from '@sms-gateway/domain/ids'
import {
  ChunghwaReceipt,
  readChunghwaReceipt,
  verifyChunghwaSignature,
} from '@sms-gateway/providers/chunghwa-receipt'
import { type FormParams, readFormParams } from '@sms-gateway/providers/form-params'
import { readTwilioReceipt, verifyTwilioSignature } from '@sms-gateway/providers/twilio-receipt'
import { rawBody } from '@sms-gateway/service-kit/json-body'
import type { Logger } from '@sms-gateway/service-kit/logger'
import { HttpProblem, parseRequest } from '@sms-gateway/service-kit/problem'
import type { ReceiptIntake } from './receipt-intake.ts'

export interface WebhookDeps {
  intake: ReceiptIntake
  /** Twilio signs the public URL; without an account nothing can be verified, and everything is refused. */
  twilio: { authToken: string; webhookUrl?: string } | undefined
  chunghwa: { webhookSecret?: string } | undefined
  now: () => Date
  logger: Logger
}

const DELIVERY = '/api/v1/sms/delivery'
const BODY_LIMIT_BYTES = 64 * 1024

/** What providers send us: verified over the bytes as they came, kept, and answered at once. */
export function webhookRoutes(deps: WebhookDeps): Router {
  return Router()
    .post(`${DELIVERY}/twilio`, rawBody(BODY_LIMIT_BYTES), async (req, res) => {
      await receiveTwilio(deps, req)
      res.status(200).type('text/plain').send('')
    })
    .post(`${DELIVERY}/chunghwa`, rawBody(BODY_LIMIT_BYTES), async (req, res) => {
      await receiveChunghwa(deps, req)
      res.status(200).json({ status: 'kept' })
    })
}

async function receiveTwilio(deps: WebhookDeps, req: Request): Promise<void> {
  const { intake, now, logger } = deps
  const body = bodyOf(req)
  const params = readFormParams(body.toString('utf8'))
  const query = req.originalUrl.split('?')[1]
  requireTwilioSignature(deps, req, query, params)
  const report = readTwilioReceipt(params)
  if (!report) {
    logger.error({ provider: 'twilio' }, 'receipt of an unknown form or status')
    return
  }
  const token = req.get('i-twilio-idempotency-token') ?? ''
  await intake.keep({
    provider: 'twilio',
    report,
    attempt: readAttemptId(new URLSearchParams(query).get('attempt') ?? '') ?? null,
    dedupeBy: `${report.reference} ${report.status} ${report.errorCode ?? ''} ${token}`,
    body: body.toString('utf8'),
    receivedAt: now(),
  })
}

/** Over the public URL as Twilio called it, not over what a proxy made of it. */
function requireTwilioSignature(
  { twilio }: WebhookDeps,
  req: Request,
  query: string | undefined,
  params: FormParams,
): void {
  if (!twilio) throw refuseSignature()
  const path = `${twilio.webhookUrl ?? ''}/sms/delivery/twilio`
  const url = query === undefined ? path : `${path}?${query}`
  const signature = req.get('x-twilio-signature')
  const { authToken } = twilio
  if (!verifyTwilioSignature({ authToken, signature, url, params })) throw refuseSignature()
}

async function receiveChunghwa(deps: WebhookDeps, req: Request): Promise<void> {
  const { intake, chunghwa, now, logger } = deps
  const body = bodyOf(req)
  const signed = {
    secret: chunghwa?.webhookSecret ?? '',
    timestamp: req.get('x-cht-timestamp'),
    signature: req.get('x-cht-signature'),
    rawBody: body,
    now: now(),
  }
  if (!verifyChunghwaSignature(signed)) throw refuseSignature()
  const receipt = parseRequest(ChunghwaReceipt, parseJson(body))
  const report = readChunghwaReceipt(receipt)
  if (!report) {
    logger.info({ provider: 'chunghwa', code: receipt.code }, 'receipt that says nothing final')
    return
  }
  await intake.keep({
    provider: 'chunghwa',
    report,
    attempt: null,
    dedupeBy: `${report.reference} ${report.status} ${report.errorCode ?? ''}`,
    body: body.toString('utf8'),
    receivedAt: now(),
  })
}

function bodyOf(req: Request): Buffer {
  if (!Buffer.isBuffer(req.body)) throw new Error('the route has no rawBody before it')
  return req.body
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'))
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
