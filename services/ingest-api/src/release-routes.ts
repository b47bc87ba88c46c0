import type { Response } from 'express'
import { Router } from 'express'
import { toMessageResponse } from '@sms-gateway/contracts/message-response'
import { ReleaseHeldRequest, type ReleaseHeldResponse } from '@sms-gateway/contracts/release'
import type { Db } from '@sms-gateway/db/connect'
import {
  countSuspects,
  listSuspects,
  type Released,
  releaseSuspects,
} from '@sms-gateway/db/release-held'
import type { Vault } from '@sms-gateway/db/vault'
import { LANES } from '@sms-gateway/domain/lane'
import type { LaneQueues } from '@sms-gateway/queue/lane-queues'
import {
  type Authenticate,
  clientOf,
  ownerOf,
  requireScope,
} from '@sms-gateway/service-kit/api-auth'
import { type Audited, subjectFromPath } from '@sms-gateway/service-kit/audited'
import { jsonBody } from '@sms-gateway/service-kit/json-body'
import { HttpProblem, parseRequest } from '@sms-gateway/service-kit/problem'
import { findOwnMessage } from './find-own-message.ts'

export interface ReleaseRouteDeps {
  db: Db
  vault: Vault
  queues: LaneQueues
  now: () => Date
  authenticate: Authenticate
  audited: Audited
}

const SMS = '/api/v1/sms'
/** Messages a call: what one request lets go in a moment. */
const AT_ONCE = 1_000

/** What is held for a fraud check goes when an operator says so, and as if it had come just now. */
export function releaseRoutes(deps: ReleaseRouteDeps): Router {
  const mayOperate = requireScope(deps.authenticate, 'operate')
  const releases = deps.audited('message.release', subjectFromPath('message'))
  const releasesMany = deps.audited('message.release-held')
  return Router()
    .post(`${SMS}/messages/:id/release`, mayOperate, releases, async (req, res) => {
      const { id, status } = await findOwnMessage(deps, clientOf(res), req.params['id'])
      const released = await releaseSuspects(deps.db, [id], deps.now())
      if (released.length === 0) {
        const detail = `The message is ${status}: only one held for a fraud check can be released.`
        throw new HttpProblem('message-not-releasable', detail)
      }
      await ring(deps, released)
      res.json(toMessageResponse(await findOwnMessage(deps, clientOf(res), id)))
    })
    .post(`${SMS}/held/release`, mayOperate, releasesMany, jsonBody(), async (req, res) => {
      const request = parseRequest(ReleaseHeldRequest, req.body ?? {})
      res.json(await releaseMany(deps, request, res))
    })
}

async function releaseMany(
  deps: ReleaseRouteDeps,
  { client_id: wanted, dry_run: dryRun }: ReleaseHeldRequest,
  res: Response,
): Promise<ReleaseHeldResponse> {
  const { db, now } = deps
  const clientId = ownerOf(clientOf(res)) ?? wanted
  const count = await countSuspects(db, { clientId })
  if (dryRun) return { count, released: 0, remaining: count }
  const released = await releaseSuspects(db, await listSuspects(db, { clientId }, AT_ONCE), now())
  await ring(deps, released)
  return { count, released: released.length, remaining: await countSuspects(db, { clientId }) }
}

/** What the queue does not take is the sweeper's: the rows are committed. */
async function ring({ queues }: ReleaseRouteDeps, released: readonly Released[]): Promise<void> {
  await Promise.all(
    LANES.map((lane) =>
      queues.requestDispatch(
        lane,
        released.filter((each) => each.lane === lane).map(({ id }) => id),
      ),
    ),
  )
}
