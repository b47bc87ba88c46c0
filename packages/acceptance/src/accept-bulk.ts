import type { BulkRequest, BulkResponse } from '@sms-gateway/contracts/bulk-request'
import type { Db } from '@sms-gateway/db/connect'
import { insertBatch, type LeftOut } from '@sms-gateway/db/insert-batch'
import type { BudgetsInForce } from '@sms-gateway/db/reserve-budgets'
import type { Vault } from '@sms-gateway/db/vault'
import { createBatchId } from '@sms-gateway/domain/ids'
import type { LaneQueues } from '@sms-gateway/queue/lane-queues'
import { checkMetadata } from './check-metadata.ts'
import { findRepeated, fingerprintOf, type Repeated } from './find-repeated.ts'
import { ringFor } from './message-store.ts'
import { prepareBulk, type PreparedBulk } from './prepare-bulk.ts'
import type { RequestContext } from './prepare-request.ts'
import { BUDGET_EXHAUSTED, type Refused } from './refusal.ts'

export interface BulkDeps extends RequestContext {
  db: Db
  vault: Vault
  now: () => Date
  queues: LaneQueues
  budgetsInForce: () => Promise<BudgetsInForce>
}

export interface BulkCommand {
  clientId: string
  path: string
  request: BulkRequest
  body: unknown
  idempotencyKey: string | undefined
}

export type BulkResult =
  | { kind: 'accepted'; response: string }
  | Refused
  | Repeated
  | { kind: 'in-progress' }
  | { kind: 'counting' }

const ACCEPTED_STATUS = 202

/** All messages of a batch and its answer are committed together, then rung for: half a batch is never accepted. */
export async function acceptBulk(deps: BulkDeps, command: BulkCommand): Promise<BulkResult> {
  const { clientId, path, request, idempotencyKey: key } = command
  const now = deps.now()
  const repeated = await findRepeated(deps, command, now)
  if (repeated) return repeated
  const refused = checkMetadata(request)
  if (refused) return refused

  const batchId = createBatchId(now)
  const prepared = await prepareBulk(deps, { clientId, batchId, request, now })
  const { messages } = prepared
  const { duplicateWindowSeconds: windowSeconds } = deps.rules
  const kept = key !== undefined && {
    answerOf: (leftOut: LeftOut) => ({
      clientId,
      path,
      key,
      fingerprint: fingerprintOf(deps.vault, command.body),
      status: ACCEPTED_STATUS,
      response: toResponse(batchId, prepared, leftOut),
    }),
  }
  const batch = {
    batchId,
    messages,
    now,
    windowSeconds,
    inForce: await deps.budgetsInForce(),
    ...kept,
  }
  const stored = await insertBatch(deps.db, deps.vault, batch)
  if (stored === 'key-used') {
    return (await findRepeated(deps, command, now)) ?? { kind: 'in-progress' }
  }
  if (stored === 'counting') return { kind: 'counting' }
  await ringFor(
    deps.queues,
    messages.filter(({ id }) => !stored.repeats.has(id) && !stored.unaffordable.has(id)),
  )
  return { kind: 'accepted', response: toResponse(batchId, prepared, stored) }
}

const EXHAUSTED = { code: BUDGET_EXHAUSTED.code, detail: BUDGET_EXHAUSTED.detail }

function toResponse(
  batchId: string,
  { messages, indexes, rejected }: PreparedBulk,
  { repeats, unaffordable }: LeftOut,
): string {
  const leftOut = messages.flatMap(({ id }, position) => {
    const [first, index] = [repeats.get(id), indexes[position]]
    if (index === undefined) return []
    if (unaffordable.has(id)) return [{ index, ...EXHAUSTED }]
    if (first === undefined) return []
    return [{ index, code: 'duplicate-message', detail: `The same text went there as ${first}.` }]
  })
  const answer: BulkResponse = {
    batch_id: batchId,
    accepted: messages.length - leftOut.length,
    rejected: [...rejected, ...leftOut].sort((a, b) => a.index - b.index),
  }
  return JSON.stringify(answer)
}
