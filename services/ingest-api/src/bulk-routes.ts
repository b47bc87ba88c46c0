import type { Request, Response } from 'express'
import { Router } from 'express'
import { acceptBulk, type BulkDeps } from '@sms-gateway/acceptance/accept-bulk'
import { BulkRequest } from '@sms-gateway/contracts/bulk-request'
import type { Authenticate } from '@sms-gateway/service-kit/api-auth'
import { clientOf, requireScope } from '@sms-gateway/service-kit/api-auth'
import { jsonBody } from '@sms-gateway/service-kit/json-body'
import { parseRequest, unavailable } from '@sms-gateway/service-kit/problem'
import { createSlots } from '@sms-gateway/service-kit/semaphore'
import { idempotencyKeyOf, requireSending, sendAccepted } from './answers.ts'

export interface BulkRouteDeps extends BulkDeps {
  authenticate: Authenticate
  /** `SMS_ENABLED`. */
  sendingEnabled: boolean
}

const BULK = '/api/v1/sms/bulk'
/** 10,000 recipients with some 800 bytes each. */
const BODY_LIMIT_BYTES = 8 * 1024 * 1024
/** A batch takes a second of the processor: more at once would only make the single messages wait. */
const AT_ONCE = 2
const MAX_WAITING = 8
const RETRY_AFTER_SECONDS = 5

export function bulkRoutes(deps: BulkRouteDeps): Router {
  const slots = createSlots(AT_ONCE)
  const bulk = async (req: Request, res: Response) => {
    requireSending(deps.sendingEnabled)
    if (slots.waiting >= MAX_WAITING) {
      throw unavailable('overloaded', 'Too many batches at once: ask again.', RETRY_AFTER_SECONDS)
    }
    const request = parseRequest(BulkRequest, req.body)
    const release = await slots.take()
    try {
      const result = await acceptBulk(deps, {
        clientId: clientOf(res).clientId,
        path: BULK,
        request,
        body: req.body,
        idempotencyKey: idempotencyKeyOf(req),
      })
      sendAccepted(res, result)
    } finally {
      release()
    }
  }
  return Router().post(
    BULK,
    requireScope(deps.authenticate, 'send'),
    jsonBody({ limitBytes: BODY_LIMIT_BYTES }),
    bulk,
  )
}
