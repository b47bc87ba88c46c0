import type { ClaimedMessage } from '@sms-gateway/db/claim-messages'
import type { GivenBack } from '@sms-gateway/db/give-back'
import { isCounted } from '@sms-gateway/domain/attempt-result'
import { orderProviders } from '@sms-gateway/domain/choose-provider'
import { decideNext, type DispatchPolicy, type NextStep } from '@sms-gateway/domain/decide-next'
import type { Provider, ProviderName } from '@sms-gateway/domain/provider'
import type { Release, Slots } from '@sms-gateway/service-kit/semaphore'
import { askGates, type GateRules } from './gates.ts'
import { settleAttempt, submitAttempt, type SubmitDeps } from './submit-attempt.ts'

export interface DispatchDeps extends SubmitDeps {
  providers: ReadonlyMap<ProviderName, Provider>
  slots: ReadonlyMap<ProviderName, Slots>
  /** In order of preference; only providers that are there and switched on. */
  candidates: () => readonly ProviderName[]
  policy: DispatchPolicy
  gates: GateRules
  random: () => number
}

export type DispatchResult =
  | { kind: NextStep['kind']; provider: ProviderName }
  | { kind: 'ended' | 'parked'; reason: string }
  /** The message is not this worker's any more: somebody else goes on with it. */
  | { kind: 'lost' }

/** A message that finds no free slot at its provider within this is parked, and its own slot freed. */
const SLOT_WAIT_MS = 1_000
const BUSY_PARK_MS = 1_000
const NO_PROVIDER_PARK_MS = 15_000

/** Takes one claimed message through the gates and the providers. Knows nothing of BullMQ. */
export async function dispatchMessage(
  deps: DispatchDeps,
  message: ClaimedMessage,
): Promise<DispatchResult> {
  const tried: ProviderName[] = []
  let { attemptNumber, countedAttempts } = message
  for (;;) {
    const verdict = askGates(message, deps.now(), deps.gates)
    if (verdict.kind === 'end') return end(deps, message, verdict)
    const [name, ...others] = routeOf(deps, message, tried)
    const provider = name && deps.providers.get(name)
    if (!provider) return park(deps, message, NO_PROVIDER_PARK_MS, 'no provider is switched on')
    const release = await takeSlot(deps, provider.name)
    if (!release) return park(deps, message, BUSY_PARK_MS, `${provider.name} is busy`)
    try {
      attemptNumber += 1
      const attempt = { message, provider, key: { messageId: message.id, number: attemptNumber } }
      const result = await submitAttempt(deps, attempt)
      if (!result) return { kind: 'lost' }
      countedAttempts += isCounted(result) ? 1 : 0
      tried.push(provider.name)
      const step = decideNext(result, deps.policy, {
        messageType: message.messageType,
        expiresAt: message.expiresAt,
        countedAttempts,
        providersLeft: others.length,
        canLookUp: provider.lookUp !== undefined,
        partsTaken: message.takenParts.length > 0,
        now: deps.now(),
        random: deps.random(),
      })
      const moved = await settleAttempt(deps, attempt, result, step)
      if (step.kind !== 'next') return { kind: step.kind, provider: provider.name }
      if (!moved) return { kind: 'lost' }
    } finally {
      release()
    }
  }
}

function routeOf(
  { candidates }: DispatchDeps,
  { lastProvider, lastWasAbsent, pinnedProvider }: ClaimedMessage,
  tried: readonly ProviderName[],
): ProviderName[] {
  return orderProviders({
    candidates: candidates(),
    tried,
    last: lastProvider,
    lastWasAbsent,
    pinned: pinnedProvider,
  })
}

async function takeSlot({ slots }: DispatchDeps, name: ProviderName): Promise<Release | undefined> {
  try {
    return await slots.get(name)?.take(AbortSignal.timeout(SLOT_WAIT_MS))
  } catch {
    // The wait was over: that is all a rejection can mean here.
    return undefined
  }
}

type Ending = Pick<GivenBack, 'status' | 'error'>

async function end(
  { writer, now }: DispatchDeps,
  { id }: ClaimedMessage,
  { status, error }: Ending,
): Promise<DispatchResult> {
  const ended = { messageId: id, status, notBefore: null, holdReason: null, error }
  await writer.giveBack({ ...ended, tell: true, at: now() })
  return { kind: 'ended', reason: status }
}

async function park(
  { writer, now }: DispatchDeps,
  { id }: ClaimedMessage,
  waitMs: number,
  reason: string,
): Promise<DispatchResult> {
  const at = now()
  const notBefore = new Date(at.getTime() + waitMs)
  const parked = { messageId: id, status: 'queued', notBefore, holdReason: reason } as const
  await writer.giveBack({ ...parked, error: null, tell: true, at })
  return { kind: 'parked', reason }
}
