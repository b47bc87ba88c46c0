import type { ClaimedMessage } from '@sms-gateway/db/claim-messages'
import { claimMessages } from '@sms-gateway/db/claim-messages'
import type { Db } from '@sms-gateway/db/connect'
import { releaseClaims } from '@sms-gateway/db/release-claims'
import type { Vault } from '@sms-gateway/db/vault'
import type { MessageId } from '@sms-gateway/domain/ids'
import type { Logger } from '@sms-gateway/service-kit/logger'
import type { Admission } from './admission.ts'
import type { DispatchDeps } from './dispatch-message.ts'
import { dispatchMessage } from './dispatch-message.ts'
import { untilStored } from './until-stored.ts'

export interface DispatchBatchDeps extends DispatchDeps {
  db: Db
  vault: Vault
  logger: Logger
  /** Aborts when the process gives up. */
  signal: AbortSignal
  admission: Admission
}

/** One job: claims its messages and dispatches them side by side. Safe to run twice, or while another does. */
export async function dispatchBatch(
  deps: DispatchBatchDeps,
  ids: readonly MessageId[],
): Promise<void> {
  const leave = await deps.admission.enter(ids.length)
  try {
    const askedAt = performance.now()
    const messages = await claim(deps, ids)
    await Promise.all(messages.map((message) => dispatchOne(deps, message, askedAt)))
  } finally {
    leave()
  }
}

async function claim(
  deps: DispatchBatchDeps,
  ids: readonly MessageId[],
): Promise<ClaimedMessage[]> {
  const { db, vault, workerId, now } = deps
  try {
    return await claimMessages(db, vault, { ids, workerId, now: now() })
  } catch (err) {
    // The claim may have been committed, with its answer lost or unreadable: then they would be ours, and nobody's.
    await release(deps, ids)
    throw err
  }
}

async function dispatchOne(
  deps: DispatchBatchDeps,
  message: ClaimedMessage,
  askedAt: number,
): Promise<void> {
  try {
    const result = await dispatchMessage(deps, message, askedAt)
    deps.logger.debug({ messageId: message.id, ...result }, 'dispatched')
  } catch (err) {
    deps.logger.error({ err, messageId: message.id }, 'dispatch failed')
    await release(deps, [message.id])
  }
}

async function release(
  { db, workerId, now, signal }: DispatchBatchDeps,
  ids: readonly MessageId[],
): Promise<void> {
  await untilStored(() => releaseClaims(db, { ids, workerId, now: now() }), signal)
}
