import type { ClaimedMessage } from '@sms-gateway/db/claim-messages'
import type { ProviderName, SendWindow } from '@sms-gateway/domain/provider'
import type { TakePermits } from './dispatch-limits.ts'
import type { FindFacts } from './fresh-facts.ts'
import { askGates, type GateRules, type Verdict } from './gates.ts'
import { type DispatchResult, holdForTurn, type StayDeps, turnAway, wait } from './stay-behind.ts'
import type { TakeTurn } from './take-turn.ts'

export interface ReadyDeps extends StayDeps {
  /** Permits of all limits that this submission falls under, one a part. */
  takePermits: TakePermits
  /** `undefined` where no frequency is capped. */
  takeTurn: TakeTurn | undefined
  gates: GateRules
  /** Asked for again after a wait and before a later attempt: the first knows them from the claim. */
  findFreshFacts: FindFacts
}

type Ready =
  | { kind: 'go'; windows: readonly SendWindow[] }
  | { kind: 'stay'; giveBack: () => Promise<DispatchResult> }

/** Its turn, its permits, and once more the gates, where those took their time: a lock may be waited for. */
export async function getReady(
  deps: ReadyDeps,
  message: ClaimedMessage,
  { name, parts, askedAt }: { name: ProviderName; parts: number; askedAt: number },
): Promise<Ready> {
  const turn = await deps.takeTurn?.(message, deps.now())
  if (turn?.kind === 'hold') {
    return { kind: 'stay', giveBack: () => holdForTurn(deps, message, turn.until) }
  }
  const permits = await deps.takePermits(message, name, parts)
  if (permits.kind === 'wait') {
    const until = new Date(deps.now().getTime() + permits.forMs)
    const parked = { until, reason: 'rate-limit', status: 'held' } as const
    return { kind: 'stay', giveBack: () => wait(deps, message, parked) }
  }
  const verdict = await askAgain(deps, message, askedAt)
  return verdict.kind === 'go'
    ? { kind: 'go', windows: permits.windows }
    : { kind: 'stay', giveBack: () => turnAway(deps, message, verdict) }
}

/** What the gates said is good for so long: what waited longer for its slot, its turn or its permits asks again. */
const GATES_GOOD_FOR_MS = 500

/** Somebody may have opted out or paused all, or the night have begun, while the message waited for its moment. */
async function askAgain(
  deps: ReadyDeps,
  message: ClaimedMessage,
  askedAt: number,
): Promise<Verdict> {
  if (performance.now() - askedAt < GATES_GOOD_FOR_MS) return { kind: 'go' }
  const facts = await deps.findFreshFacts(message.id)
  return askGates({ ...message, ...facts }, deps.now(), deps.gates)
}
