import { setTimeout as delay } from 'node:timers/promises'
import pRetry from 'p-retry'
import type { ClaimedMessage } from '@sms-gateway/db/claim-messages'
import type { FreshFacts } from '@sms-gateway/db/gate-facts'
import { type AttemptResult, isCounted } from '@sms-gateway/domain/attempt-result'
import { decideNext, type DispatchPolicy } from '@sms-gateway/domain/decide-next'
import type { MessageId } from '@sms-gateway/domain/ids'
import type { ProviderName, SendWindow } from '@sms-gateway/domain/provider'
import type { TakePermits } from './dispatch-limits.ts'
import { askGates, type GateRules, type Verdict } from './gates.ts'
import type { LaneSlots } from './lane-slots.ts'
import { type Route, type RouteDeps, routeMessage, type RouteState } from './route-message.ts'
import { type DispatchResult, holdForTurn, turnAway, wait } from './stay-behind.ts'
import {
  type PlannedAttempt,
  settleAttempt,
  submitAttempt,
  type SubmitDeps,
} from './submit-attempt.ts'
import type { TakeTurn } from './take-turn.ts'

export interface DispatchDeps extends SubmitDeps, Omit<RouteDeps, 'restingUntil'> {
  restingUntil: Map<ProviderName, Date>
  slots: ReadonlyMap<ProviderName, LaneSlots>
  /** Permits of all limits that this submission falls under, one a part. */
  takePermits: TakePermits
  /** `undefined` where no frequency is capped. */
  takeTurn: TakeTurn | undefined
  policy: DispatchPolicy
  gates: GateRules
  /** Asked for again after a wait and before a later attempt: the first knows them from the claim. */
  findFreshFacts: (id: MessageId) => Promise<FreshFacts>
}

/** A message that finds no free slot at its provider within this is parked, and its place freed. */
const SLOT_WAIT_MS = 1_000
const BUSY_WAIT_MS = 1_000

/** Says to the loop below that the message is still ours, and when to go on with it. */
class TryAgain extends Error {
  override readonly name = 'TryAgain'
  readonly afterMs: number

  constructor(afterMs: number) {
    super('try again')
    this.afterMs = afterMs
  }
}

/** What is known of a message while this worker has it. */
interface Progress extends RouteState {
  message: ClaimedMessage
  tried: readonly ProviderName[]
}

/**
 * Takes one claimed message through the gates and the providers. Whether to go on, and after which wait, is decided
 * purely and travels with the failure; the loop is p-retry's. Waits over a second park the message instead. The claim
 * was asked for at `askedAt`, a moment of `performance.now()`.
 */
export async function dispatchMessage(
  deps: DispatchDeps,
  message: ClaimedMessage,
  askedAt: number,
): Promise<DispatchResult> {
  const progress: Progress = {
    message,
    tried: [],
    last: message.lastProvider,
    lastWasAbsent: message.lastWasAbsent,
  }
  return pRetry((attempt) => tryOnce(deps, progress, attempt > 1 ? undefined : askedAt), {
    retries: Number.POSITIVE_INFINITY,
    minTimeout: 0,
    maxTimeout: 0,
    shouldRetry: ({ error }) => error instanceof TryAgain,
    onFailedAttempt: async ({ error }) => {
      if (error instanceof TryAgain && error.afterMs > 0) await delay(error.afterMs)
    },
  })
}

async function tryOnce(
  deps: DispatchDeps,
  progress: Progress,
  claimedAt: number | undefined,
): Promise<DispatchResult> {
  const askedAt = claimedAt ?? performance.now()
  // Nothing is claimed while the gateway is paused.
  const { gatewayRuns, ...fresh } =
    claimedAt === undefined ? await deps.findFreshFacts(progress.message.id) : { gatewayRuns: true }
  const message = { ...progress.message, ...fresh }
  progress.message = message
  const verdict = askGates({ ...message, gatewayRuns }, deps.now(), deps.gates)
  if (verdict.kind !== 'go') return turnAway(deps, message, verdict)
  const route = await routeMessage(deps, message, progress)
  if (route.kind === 'wait') return wait(deps, message, { ...route, status: 'queued' })
  return submit(deps, progress, { ...route, askedAt })
}

/** What the gates said is good for so long: what waited longer for its slot, its turn or its permits asks again. */
const GATES_GOOD_FOR_MS = 500

/** Somebody may have opted out or paused all, or the night have begun, while the message waited for its moment. */
async function askAgain(
  deps: DispatchDeps,
  message: ClaimedMessage,
  askedAt: number,
): Promise<Verdict> {
  if (performance.now() - askedAt < GATES_GOOD_FOR_MS) return { kind: 'go' }
  const facts = await deps.findFreshFacts(message.id)
  return askGates({ ...message, ...facts }, deps.now(), deps.gates)
}

async function submit(
  deps: DispatchDeps,
  progress: Progress,
  route: Extract<Route, { kind: 'go' }> & { askedAt: number },
): Promise<DispatchResult> {
  const { message } = progress
  const { provider, isProbe, others, reason } = route
  const { name } = provider
  const release = await deps.slots.get(name)?.take(message.lane, SLOT_WAIT_MS)
  if (!release) {
    if (isProbe) deps.circuits.report(name, UNTRIED)
    const until = new Date(deps.now().getTime() + BUSY_WAIT_MS * (1 + deps.random()))
    return wait(deps, message, { until, reason: `${name} is busy`, status: 'queued' })
  }
  try {
    const pending = listPending(message, provider.countParts(message.text))
    const ready = await getReady(deps, message, { name, parts: pending.length, ...route })
    if (ready.kind === 'stay') {
      if (isProbe) deps.circuits.report(name, UNTRIED)
      return await ready.giveBack()
    }
    const key = { messageId: message.id, number: message.attemptNumber + 1 }
    const attempt = { message, provider, key, pending, windows: ready.windows, reason }
    const result = await submitAttempt(deps, attempt)
    if (!result) return { kind: 'lost' }
    deps.circuits.report(name, result)
    rest(deps, name, result)
    return await goOn(deps, progress, attempt, { result, others })
  } finally {
    release()
  }
}

type Ready =
  | { kind: 'go'; windows: readonly SendWindow[] }
  | { kind: 'stay'; giveBack: () => Promise<DispatchResult> }

/** Its turn, its permits, and once more the gates, where those took their time: a lock may be waited for. */
async function getReady(
  deps: DispatchDeps,
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

/** Nothing was submitted, so there is nothing to tell of the provider. */
const UNTRIED: AttemptResult = { kind: 'unsent' }

function listPending({ takenParts }: ClaimedMessage, parts: number): number[] {
  return Array.from({ length: parts }, (_, index) => index + 1).filter(
    (part) => !takenParts.includes(part),
  )
}

/** A provider that says when to come back is left alone until then, by this whole process. */
function rest(
  { restingUntil, now }: DispatchDeps,
  name: ProviderName,
  result: AttemptResult,
): void {
  if (result.kind !== 'throttled' || result.retryAfterMs === undefined) return
  restingUntil.set(name, new Date(now().getTime() + result.retryAfterMs))
}

async function goOn(
  deps: DispatchDeps,
  progress: Progress,
  attempt: PlannedAttempt,
  { result, others }: { result: AttemptResult; others: number },
): Promise<DispatchResult> {
  const { message, provider } = attempt
  const takenNow = 'taken' in result ? result.taken.map(({ part }) => part) : []
  const takenParts = [...message.takenParts, ...takenNow]
  const countedAttempts = message.countedAttempts + (isCounted(result) ? 1 : 0)
  const step = decideNext(result, deps.policy, {
    messageType: message.messageType,
    expiresAt: message.expiresAt,
    attempts: attempt.key.number,
    countedAttempts,
    providersLeft: others,
    canLookUp: provider.lookUp !== undefined,
    partsTaken: takenParts.length > 0,
    now: deps.now(),
    random: deps.random(),
  })
  const moved = await settleAttempt(deps, attempt, result, step)
  if (step.kind !== 'next') return { kind: step.kind, provider: provider.name }
  if (!moved) return { kind: 'lost' }
  progress.message = {
    ...message,
    attemptNumber: attempt.key.number,
    countedAttempts,
    takenParts,
    pinnedProvider: takenParts.length > 0 ? provider.name : message.pinnedProvider,
  }
  progress.tried = step.newRound ? [] : [...progress.tried, provider.name]
  progress.last = provider.name
  progress.lastWasAbsent = false
  throw new TryAgain(step.afterMs)
}
