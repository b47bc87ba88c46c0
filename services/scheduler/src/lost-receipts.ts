import { planLostReceipts } from '@sms-gateway/db/polls'
import { FALLBACK } from '@sms-gateway/domain/poll-plan'
import { type Ask, askForDue, NOT_ASKED, type PollDeps } from './poll-receipts.ts'

/** A run is shorter than the lease of what it takes, however slowly the provider answers. */
const LOST_BATCH = 20

const LOST_AT_ONCE = 4

/**
 * Asks for receipts that were to be sent and have not come, by a plan of their own. It is a job of its own: who answers
 * slowly holds up no other's polls. How many were asked for.
 */
export async function askForLost(deps: PollDeps, signal: AbortSignal): Promise<number> {
  let asked = 0
  for (const provider of deps.providers.values()) {
    if (!provider.fetchReceipt) continue
    const ask: Ask = (request, limit) => provider.fetchReceipt?.(request, limit) ?? NOT_ASKED
    const how = { ask, plan: FALLBACK, batch: LOST_BATCH, atOnce: LOST_AT_ONCE }
    asked += await askForDue(deps, provider, how, signal)
  }
  return asked
}

const PLANNED_AT_ONCE = 1_000

/** Finds messages of which nothing was heard for some minutes. How many. */
export async function findLost({ db, providers, now }: PollDeps): Promise<number> {
  const [firstWait = 0] = FALLBACK.waits
  const at = now()
  let found = 0
  for (const provider of providers.values()) {
    if (!provider.fetchReceipt) continue
    found += await planLostReceipts(db, provider.name, {
      now: at,
      sentAfter: new Date(at.getTime() - FALLBACK.lastAge),
      sentBefore: new Date(at.getTime() - firstWait),
      limit: PLANNED_AT_ONCE,
    })
  }
  return found
}
