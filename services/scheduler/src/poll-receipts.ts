import { applyReceipts } from '@sms-gateway/db/apply-receipts'
import type { Db } from '@sms-gateway/db/connect'
import type { DuePoll } from '@sms-gateway/db/polls'
import { claimPolls, planPoll } from '@sms-gateway/db/polls'
import { insertReceipts } from '@sms-gateway/db/receipts'
import type { Vault } from '@sms-gateway/db/vault'
import { nextPollAt, type PollPlan } from '@sms-gateway/domain/poll-plan'
import type {
  DeliveryReport,
  PollRequest,
  PollResult,
  Provider,
  ProviderName,
} from '@sms-gateway/domain/provider'
import type { Logger } from '@sms-gateway/service-kit/logger'
import { createSlots } from '@sms-gateway/service-kit/semaphore'

export interface PollDeps {
  db: Db
  vault: Vault
  providers: ReadonlyMap<ProviderName, Provider>
  now: () => Date
  logger: Logger
}

const BATCH_SIZE = 200
const LOST_GRACE_MS = 30 * 60_000
const POLL_LIMIT_MS = 10_000
/** IMSP may lock an account over parallel connections (providers.md, 1.1). */
const POLLS_AT_ONCE = 2

/** Asks for the receipts of providers that do not send them. How many were asked for. */
export async function pollReceipts(deps: PollDeps, signal: AbortSignal): Promise<number> {
  let asked = 0
  for (const provider of deps.providers.values()) {
    if (!provider.poll) continue
    const ask: Ask = (request, limit) => provider.poll?.(request, limit) ?? NOT_ASKED
    const how = { ask, plan: undefined, batch: BATCH_SIZE, atOnce: POLLS_AT_ONCE }
    asked += await askForDue(deps, provider, how, signal)
  }
  return asked
}

export type Ask = (request: PollRequest, signal: AbortSignal) => Promise<PollResult>

export const NOT_ASKED: Promise<PollResult> = Promise.resolve({ kind: 'pending' })

interface How {
  ask: Ask
  plan: PollPlan | undefined
  batch: number
  atOnce: number
}

export async function askForDue(
  deps: PollDeps,
  provider: Provider,
  how: How,
  signal: AbortSignal,
): Promise<number> {
  const { db, vault, now } = deps
  const due = await claimPolls(db, vault, provider.name, { now: now(), limit: how.batch })
  const slots = createSlots(how.atOnce)
  await Promise.all(
    due.map(async (poll) => {
      const release = await slots.take(signal)
      try {
        await pollOne(deps, provider, poll, how)
      } finally {
        release()
      }
    }),
  )
  return due.length
}

async function pollOne(
  deps: PollDeps,
  provider: Provider,
  due: DuePoll,
  { ask, plan }: How,
): Promise<void> {
  const { name } = provider
  const { db, now, logger } = deps
  const { reference, phone } = due
  const answer = await ask({ reference, to: phone }, AbortSignal.timeout(POLL_LIMIT_MS))
  logger.debug({ provider: name, reference, kind: answer.kind }, 'polled')
  switch (answer.kind) {
    case 'report':
      await keep(deps, due, answer.report)
      if (isFinal(answer.report)) return
      break
    case 'lost':
      // "No such data" may also mean "not yet": the plan goes on for a while.
      if (now().getTime() - due.createdAt.getTime() < LOST_GRACE_MS) break
      logger.warn({ provider: name, reference, code: answer.code }, 'receipt lost')
      await planPoll(db, name, reference, null)
      return
    case 'pending':
    case 'unavailable':
      break
  }
  await planPoll(db, name, reference, nextPollAt(due.polls, due.createdAt, now(), plan) ?? null)
}

function isFinal({ status }: DeliveryReport): boolean {
  return status === 'delivered' || status === 'undelivered'
}

async function keep(
  { db, vault, now }: PollDeps,
  { provider, phone }: DuePoll,
  report: DeliveryReport,
): Promise<void> {
  const receivedAt = now()
  const dedupeBy = `${report.reference} ${report.status} ${report.errorCode ?? ''}`
  const receipt = {
    provider,
    report,
    attempt: null,
    recipient: phone,
    dedupeBy,
    body: JSON.stringify(report),
    receivedAt,
  }
  const keys = await insertReceipts(db, vault, [receipt])
  await applyReceipts(db, vault, keys, receivedAt)
}
