import { Router } from 'express'
import { createMessageId } from '@sms-gateway/domain/ids'
import type { InboundText } from '@sms-gateway/domain/inbound'
import { ChunghwaInbound, readChunghwaInbound } from '@sms-gateway/providers/chunghwa-inbound'
import { readTwilioInbound } from '@sms-gateway/providers/twilio-inbound'
import { rawBody } from '@sms-gateway/service-kit/json-body'
import type { Logger } from '@sms-gateway/service-kit/logger'
import { parseRequest } from '@sms-gateway/service-kit/problem'
import type { InboundIntake } from './inbound-intake.ts'
import { BODY_LIMIT_BYTES } from './routes.ts'
import { readSignedChunghwa, readSignedTwilio, type SigningSecrets } from './signed-requests.ts'

export interface InboundDeps extends SigningSecrets {
  inboundIntake: InboundIntake
  logger: Logger
}

const INBOUND = '/api/v1/sms/inbound'
/** Our answers are messages of their own, so Twilio is told to send nothing. */
const NO_ANSWER = '<?xml version="1.0" encoding="UTF-8"?><Response/>'

/** What people send us, by way of the providers: kept, answered at once, and applied behind the answer. */
export function inboundRoutes(deps: InboundDeps): Router {
  const { inboundIntake, logger, now } = deps
  const keep = (inbound: InboundText) => {
    const receivedAt = now()
    return inboundIntake.keep({ id: createMessageId(receivedAt), inbound, receivedAt })
  }
  return Router()
    .post(`${INBOUND}/twilio`, rawBody(BODY_LIMIT_BYTES), async (req, res) => {
      // Twilio's idempotency token is not signed, so a repeat is told by the id of the message alone, which is.
      const inbound = readTwilioInbound(readSignedTwilio(deps, req, '/sms/inbound/twilio').params)
      if (inbound) await keep(inbound)
      else logger.error({ provider: 'twilio' }, 'inbound text of an unknown form')
      res.status(200).type('text/xml').send(NO_ANSWER)
    })
    .post(`${INBOUND}/chunghwa`, rawBody(BODY_LIMIT_BYTES), async (req, res) => {
      const { json } = readSignedChunghwa(deps, req)
      await keep(readChunghwaInbound(parseRequest(ChunghwaInbound, json)))
      res.status(200).json({ status: 'kept' })
    })
}
