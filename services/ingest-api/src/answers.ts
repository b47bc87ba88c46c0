import type { Request, Response } from 'express'
import type { AcceptResult } from '@sms-gateway/acceptance/accept-message'
import { keyInProgress, keyReused } from '@sms-gateway/acceptance/repeat-problems'
import { IdempotencyKey } from '@sms-gateway/contracts/send-request'
import { HttpProblem, parseRequest, unavailable } from '@sms-gateway/service-kit/problem'

const RETRY_AFTER_DISABLED_SECONDS = 60
const RETRY_AFTER_COUNTING_SECONDS = 2

/** Throws where `SMS_ENABLED` is false. */
export function requireSending(isEnabled: boolean): void {
  if (isEnabled) return
  throw unavailable(
    'sending-disabled',
    'Sending is switched off (SMS_ENABLED): nothing was accepted.',
    RETRY_AFTER_DISABLED_SECONDS,
  )
}

export function idempotencyKeyOf(req: Request): string | undefined {
  const key = req.get('idempotency-key')
  return key === undefined ? undefined : parseRequest(IdempotencyKey, key)
}

/** 202 with what was accepted, now or the first time; everything else is a problem. */
export function sendAccepted(res: Response, result: AcceptResult): void {
  switch (result.kind) {
    case 'accepted':
      sendJson(res, 202, result.response)
      return
    case 'replayed':
      res.set('Idempotency-Replayed', 'true')
      sendJson(res, result.status, result.response)
      return
    case 'refused':
      throw new HttpProblem(
        result.code,
        result.detail,
        result.errors && { extra: { errors: result.errors } },
      )
    case 'key-reused':
      throw keyReused()
    case 'duplicate':
      throw new HttpProblem(
        'duplicate-message',
        'The same text went to this number within SMS_DUPLICATE_WINDOW_SECONDS, as message_id.',
        { extra: { message_id: result.first } },
      )
    case 'in-progress':
      throw keyInProgress()
    case 'counting':
      throw budgetCounting()
  }
}

/** As it is, in one piece with its head: Express's `send` would make a Buffer of it first. */
function sendJson(res: Response, status: number, json: string): void {
  res.statusCode = status
  res.setHeader('Content-Type', 'application/json; charset=utf-8')
  res.end(json)
}

/** A hard budget was just set: nothing goes over it before it is known what is left. */
export function budgetCounting(): HttpProblem {
  return unavailable(
    'budget-counting',
    'What was accepted before a budget was set is being counted: nothing was accepted.',
    RETRY_AFTER_COUNTING_SECONDS,
  )
}
