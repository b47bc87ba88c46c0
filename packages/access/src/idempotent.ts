import type { RequestHandler, Response } from 'express'
import { findRepeated, fingerprintOf } from '@sms-gateway/acceptance/find-repeated'
import { keyInProgress, keyReused } from '@sms-gateway/acceptance/repeat-problems'
import { IdempotencyKey } from '@sms-gateway/contracts/send-request'
import type { Db } from '@sms-gateway/db/connect'
import {
  IN_PROGRESS,
  keepReserved,
  releaseKey,
  type ReservedKey,
  reserveKey,
} from '@sms-gateway/db/reserve-key'
import type { Vault } from '@sms-gateway/db/vault'
import { createRowId } from '@sms-gateway/domain/ids'
import { clientOf } from '@sms-gateway/service-kit/api-auth'
import { parseRequest } from '@sms-gateway/service-kit/problem'

export interface IdempotentDeps {
  db: Db
  vault: Vault
  now: () => Date
}

/**
 * For a POST that creates, behind `requireScope` and the body's parser: a repeat with the same `Idempotency-Key` gets
 * the first answer (contract.md, 8). What commits its answer together with what it makes needs none of this. `asKept`
 * makes of the answer what may be kept of it: what is shown once is not.
 */
export function createIdempotent(
  { db, vault, now }: IdempotentDeps,
  asKept: (body: unknown) => unknown = (body) => body,
): RequestHandler {
  return async (req, res, next) => {
    const given = req.get('idempotency-key')
    if (given === undefined) {
      next()
      return
    }
    const key = parseRequest(IdempotencyKey, given)
    const body: unknown = req.body
    const command = { clientId: clientOf(res).clientId, path: req.path, body, idempotencyKey: key }
    const reserved: ReservedKey = {
      clientId: command.clientId,
      path: command.path,
      key,
      fingerprint: fingerprintOf(vault, body),
      id: createRowId(now()),
    }
    if (await reserveKey(db, vault, reserved, now())) {
      settleWith(res, {
        keep: (status, answer) =>
          keepReserved(db, vault, reserved, { status, response: JSON.stringify(asKept(answer)) }),
        release: () => releaseKey(db, vault, reserved),
      })
      next()
      return
    }
    const first = await findRepeated({ db, vault }, command, now())
    if (first?.kind === 'key-reused') throw keyReused()
    if (!first || first.status === IN_PROGRESS) throw keyInProgress()
    res.set('Idempotency-Replayed', 'true')
    res.status(first.status).type('application/json').send(first.response)
  }
}

interface Reservation {
  keep: (status: number, answer: unknown) => Promise<void>
  release: () => Promise<void>
}

/** The answer waits until it is kept, or until its key is free again. */
function settleWith(res: Response, { keep, release }: Reservation): void {
  const json = res.json.bind(res)
  res.json = (answer: unknown) => {
    res.json = json
    const isMade = res.statusCode < 400
    const settled = isMade ? keep(res.statusCode, answer) : release()
    // What was made is made: an answer that could not be kept is given all the same.
    settled.catch(() => undefined).finally(() => json(answer))
    return res
  }
}
