import type { BulkRequest, BulkResponse } from '@sms-gateway/contracts/bulk-request'
import type { Db } from '@sms-gateway/db/connect'
import { insertBatch } from '@sms-gateway/db/insert-batch'
import type { Vault } from '@sms-gateway/db/vault'
import { createBatchId } from '@sms-gateway/domain/ids'
import type { LaneQueues } from '@sms-gateway/queue/lane-queues'
import { findRepeated, fingerprintOf, type Repeated } from './find-repeated.ts'
import { ringFor } from './message-store.ts'
import { prepareBulk } from './prepare-bulk.ts'
import type { RequestContext } from './prepare-request.ts'

export interface BulkDeps extends RequestContext {
  db: Db
  vault: Vault
  now: () => Date
  queues: LaneQueues
}

export interface BulkCommand {
  clientId: string
  path: string
  request: BulkRequest
  body: unknown
  idempotencyKey: string | undefined
}

export type BulkResult = { kind: 'accepted'; response: string } | Repeated | { kind: 'in-progress' }

const ACCEPTED_STATUS = 202

/** All messages of a batch and its answer are committed together, then rung for: half a batch is never accepted. */
export async function acceptBulk(deps: BulkDeps, command: BulkCommand): Promise<BulkResult> {
  const { clientId, path, request, idempotencyKey: key } = command
  const now = deps.now()
  const repeated = await findRepeated(deps, command, now)
  if (repeated) return repeated

  const batchId = createBatchId(now)
  const { messages, rejected } = await prepareBulk(deps, { clientId, batchId, request, now })
  const answer: BulkResponse = { batch_id: batchId, accepted: messages.length, rejected }
  const response = JSON.stringify(answer)
  const kept = key !== undefined && {
    answer: {
      clientId,
      path,
      key,
      fingerprint: fingerprintOf(deps.vault, command.body),
      status: ACCEPTED_STATUS,
      response,
    },
  }
  const stored = await insertBatch(deps.db, deps.vault, { batchId, messages, now, ...kept })
  if (!stored) return (await findRepeated(deps, command, now)) ?? { kind: 'in-progress' }
  await ringFor(deps.queues, messages)
  return { kind: 'accepted', response }
}
