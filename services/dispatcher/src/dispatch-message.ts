import { setTimeout as delay } from 'node:timers/promises'
import pRetry from 'p-retry'
import type { ClaimedMessage } from '@sms-gateway/db/claim-messages'
import type { AttemptResult } from '@sms-gateway/domain/attempt-result'
import type { ProviderName } from '@sms-gateway/domain/provider'
import { askGates } from './gates.ts'
import { getReady, type ReadyDeps } from './get-ready.ts'
import { goOn, type GoOnDeps, type Progress, rest, TryAgain } from './go-on.ts'
import type { LaneSlots } from './lane-slots.ts'
import { type Route, type RouteDeps, routeMessage } from './route-message.ts'
import { type DispatchResult, turnAway, wait } from './stay-behind.ts'
import { submitAttempt } from './submit-attempt.ts'

export interface DispatchDeps extends GoOnDeps, ReadyDeps, Omit<RouteDeps, 'restingUntil'> {
  slots: ReadonlyMap<ProviderName, LaneSlots>
}

/** A message that finds no free slot at its provider within this is parked, and its place freed. */
const SLOT_WAIT_MS = 1_000
const BUSY_WAIT_MS = 1_000

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

/** Nothing was submitted, so there is nothing to tell of the provider. */
const UNTRIED: AttemptResult = { kind: 'unsent' }

function listPending({ takenParts }: ClaimedMessage, parts: number): number[] {
  return Array.from({ length: parts }, (_, index) => index + 1).filter(
    (part) => !takenParts.includes(part),
  )
}
