import type { Request } from 'express'
import { Router } from 'express'
import { readAttemptId } from '@sms-gateway/domain/ids'
import { readPhone } from '@sms-gateway/domain/phone'
import { ChunghwaReceipt, readChunghwaReceipt } from '@sms-gateway/providers/chunghwa-receipt'
import { readTwilioReceipt } from '@sms-gateway/providers/twilio-receipt'
import { rawBody } from '@sms-gateway/service-kit/json-body'
import type { Logger } from '@sms-gateway/service-kit/logger'
import { parseRequest } from '@sms-gateway/service-kit/problem'
import type { ReceiptIntake } from './receipt-intake.ts'
import { readSignedChunghwa, readSignedTwilio, type SigningSecrets } from './signed-requests.ts'

export interface WebhookDeps extends SigningSecrets {
  intake: ReceiptIntake
  logger: Logger
}

const DELIVERY = '/api/v1/sms/delivery'
export const BODY_LIMIT_BYTES = 64 * 1024

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
  const { params, query, body } = readSignedTwilio(deps, req, '/sms/delivery/twilio')
  const report = readTwilioReceipt(params)
  if (!report) {
    logger.error({ provider: 'twilio' }, 'receipt of an unknown form or status')
    return
  }
  const token = req.get('i-twilio-idempotency-token') ?? ''
  const to = params['To']
  await intake.keep({
    provider: 'twilio',
    report,
    attempt: readAttemptId(new URLSearchParams(query).get('attempt') ?? '') ?? null,
    recipient: readPhone(Array.isArray(to) ? to[0] : to),
    dedupeBy: `${report.reference} ${report.status} ${report.errorCode ?? ''} ${token}`,
    body,
    receivedAt: now(),
  })
}

async function receiveChunghwa(deps: WebhookDeps, req: Request): Promise<void> {
  const { intake, now, logger } = deps
  const { json, body } = readSignedChunghwa(deps, req)
  const receipt = parseRequest(ChunghwaReceipt, json)
  const report = readChunghwaReceipt(receipt)
  if (!report) {
    logger.info({ provider: 'chunghwa', code: receipt.code }, 'receipt that says nothing final')
    return
  }
  await intake.keep({
    provider: 'chunghwa',
    report,
    attempt: null,
    recipient: readPhone(receipt.to_addr ?? undefined),
    dedupeBy: `${report.reference} ${report.status} ${report.errorCode ?? ''}`,
    body,
    receivedAt: now(),
  })
}
