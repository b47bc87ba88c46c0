import { claimReference } from '@sms-gateway/db/claim-reference'
import type { Db } from '@sms-gateway/db/connect'
import type { Doubt } from '@sms-gateway/db/doubts'
import { claimDoubts, hasOpenTwin, postponeDoubt } from '@sms-gateway/db/doubts'
import { settleAttempts } from '@sms-gateway/db/settle-attempts'
import { toSettlement } from '@sms-gateway/db/to-settlement'
import type { Vault } from '@sms-gateway/db/vault'
import type { AttemptEnding } from '@sms-gateway/domain/attempt-result'
import type { DispatchPolicy } from '@sms-gateway/domain/decide-next'
import { decideNext } from '@sms-gateway/domain/decide-next'
import { lookUpAt } from '@sms-gateway/domain/in-doubt-policy'
import type { Provider, ProviderName } from '@sms-gateway/domain/provider'
import type { Logger } from '@sms-gateway/service-kit/logger'

export interface DoubtDeps {
  db: Db
  vault: Vault
  providers: ReadonlyMap<ProviderName, Provider>
  policy: DispatchPolicy
  now: () => Date
  logger: Logger
}

const BATCH_SIZE = 100
/** A killed dispatcher leaves a hundred doubts at once: asked all together, each would wait for the others' answers. */
const LOOK_UPS_AT_ONCE = 20
const ASK_AGAIN_MS = 10_000
const LOOK_UP_LIMIT_MS = 10_000

/** Asks the providers what became of submissions whose answer was lost. How many were asked about. */
export async function resolveDoubts(deps: DoubtDeps): Promise<number> {
  const doubts = await claimDoubts(deps.db, deps.vault, deps.now(), BATCH_SIZE)
  const waiting = doubts.values()
  const work = async () => {
    for (const doubt of waiting) await resolveDoubt(deps, doubt)
  }
  await Promise.all(Array.from({ length: LOOK_UPS_AT_ONCE }, work))
  return doubts.length
}

async function resolveDoubt(deps: DoubtDeps, doubt: Doubt): Promise<void> {
  const { db, now, logger } = deps
  const { messageId, number, phone, text, openedAt } = doubt
  const askAgain = () => new Date(now().getTime() + ASK_AGAIN_MS)
  const provider = deps.providers.get(doubt.provider)
  if (!provider?.lookUp) {
    // The provider is switched off for now: it is asked when it is back.
    await postponeDoubt(db, doubt, { checkAt: askAgain(), counted: false })
    return
  }
  const query = { to: phone, text, since: openedAt }
  const answer = await provider.lookUp(query, AbortSignal.timeout(LOOK_UP_LIMIT_MS))
  const detail = answer.kind === 'unavailable' ? answer.detail : undefined
  logger.info(
    { messageId, number, provider: doubt.provider, kind: answer.kind, detail },
    'looked up',
  )
  if (answer.kind === 'unavailable') {
    await postponeDoubt(db, doubt, { checkAt: askAgain(), counted: false })
    return
  }
  const found = answer.kind === 'found' ? answer.references : []
  if (found.length > 0 && (await hasOpenTwin(db, messageId))) {
    // Asked after the look-up: what is opened later than this cannot have been found.
    await postponeDoubt(db, doubt, { checkAt: askAgain(), counted: false })
    return
  }
  const reference = await claimFirst(deps, doubt, found)
  if (reference !== undefined) {
    await settle(deps, doubt, { kind: 'accepted', taken: [{ part: 1, reference }] })
    return
  }
  const checkAt = nextCheck(doubt)
  if (checkAt) await postponeDoubt(db, doubt, { checkAt, counted: true })
  else await settle(deps, doubt, { kind: 'absent' })
}

/** Two doubts about the same text to the same number each find both: each may have but one. */
async function claimFirst(
  { db, now }: DoubtDeps,
  doubt: Doubt,
  references: readonly string[],
): Promise<string | undefined> {
  for (const reference of references) {
    if (await claimReference(db, doubt, { provider: doubt.provider, reference }, now()))
      return reference
  }
  return undefined
}

/** Both look-ups are counted from the moment the doubt began. */
function nextCheck({ doubtedAt, checks }: Doubt): Date | undefined {
  return lookUpAt(doubtedAt, checks + 1)
}

async function settle(
  { db, policy, providers, now }: DoubtDeps,
  doubt: Doubt,
  ending: AttemptEnding,
): Promise<void> {
  const at = now()
  const step = decideNext(ending, policy, {
    messageType: doubt.messageType,
    expiresAt: doubt.expiresAt,
    attempts: doubt.number,
    countedAttempts: doubt.countedAttempts,
    providersLeft: providers.size - 1,
    canLookUp: true,
    partsTaken: false,
    now: at,
    random: 0,
  })
  const { messageId, number, provider } = doubt
  const facts = {
    attempt: { messageId, number },
    provider,
    parts: 1,
    polled: false,
    wasInDoubt: true,
    at,
  }
  await settleAttempts(db, [toSettlement(facts, ending, step)])
}
