import type { Db } from '@sms-gateway/db/connect'
import { settleAttempts } from '@sms-gateway/db/settle-attempts'
import { toSettlement } from '@sms-gateway/db/to-settlement'
import type { LostAttempt } from '@sms-gateway/db/workers'
import { findLostAttempts, requeueLostClaims } from '@sms-gateway/db/workers'
import type { DispatchPolicy, NextStep } from '@sms-gateway/domain/decide-next'
import { decideNext } from '@sms-gateway/domain/decide-next'
import type { Provider, ProviderName } from '@sms-gateway/domain/provider'

export interface RecoverDeps {
  db: Db
  providers: ReadonlyMap<ProviderName, Provider>
  policy: DispatchPolicy
  now: () => Date
}

const BATCH_SIZE = 500
const WORKER_DIED = {
  kind: 'in_doubt',
  taken: [],
  code: 'worker-died',
  detail: 'its worker died between the commit of the attempt and its answer',
} as const

export interface Recovered {
  requeued: number
  inDoubt: number
}

/** What dead workers left: claims are queued again, open attempts are in doubt, and never simply sent again. */
export async function recoverLost(deps: RecoverDeps): Promise<Recovered> {
  const { db, now } = deps
  const requeued = await requeueLostClaims(db, now(), BATCH_SIZE)
  const lost = await findLostAttempts(db, BATCH_SIZE)
  const settlements = lost.map((attempt) => settlementOf(deps, attempt))
  if (settlements.length > 0) await settleAttempts(db, settlements)
  return { requeued: requeued.length, inDoubt: settlements.length }
}

function settlementOf({ providers, policy, now }: RecoverDeps, lost: LostAttempt) {
  const at = now()
  const provider = providers.get(lost.provider)
  const others = [...providers.keys()].filter((name) => name !== lost.provider)
  const step = decideNext(WORKER_DIED, policy, {
    messageType: lost.messageType,
    expiresAt: lost.expiresAt,
    attempts: lost.number,
    countedAttempts: lost.countedAttempts + 1,
    providersLeft: others.length,
    canLookUp: provider?.lookUp !== undefined,
    partsTaken: lost.partsTaken,
    now: at,
    random: 0,
  })
  const facts = {
    attempt: { messageId: lost.messageId, number: lost.number },
    provider: lost.provider,
    parts: 1,
    polled: false,
    wasInDoubt: false,
    at,
  }
  return toSettlement(facts, WORKER_DIED, handOver(step, at))
}

/** There is no worker to go on with the next provider at once: the message is queued for whoever takes it. */
function handOver(step: NextStep, now: Date): NextStep {
  if (step.kind !== 'next') return step
  const { possibleDuplicate } = step
  return { kind: 'park', until: now, reason: 'its worker died', possibleDuplicate }
}
