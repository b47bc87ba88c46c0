import type { ClaimedMessage } from '@sms-gateway/db/claim-messages'
import { toSettlement } from '@sms-gateway/db/to-settlement'
import { type AttemptResult, combineOutcomes } from '@sms-gateway/domain/attempt-result'
import type { NextStep } from '@sms-gateway/domain/decide-next'
import type { AttemptKey, MessageId } from '@sms-gateway/domain/ids'
import type {
  PartOutcome,
  Provider,
  ProviderName,
  SendLimits,
  SendWindow,
} from '@sms-gateway/domain/provider'
import type { AttemptWriter, OpenedAttempt } from './attempt-writer.ts'

export interface SubmitDeps {
  workerId: string
  writer: AttemptWriter
  now: () => Date
  providerTimeoutMs: number
  /** Puts the number on our own list: the provider says that its owner refuses such texts. Waits for a database that is away. */
  optOut: (id: MessageId, facts: { provider: ProviderName; code: string }) => Promise<void>
  onAttempt: (facts: AttemptFacts) => void
}

export interface AttemptFacts {
  provider: ProviderName
  kind: AttemptResult['kind']
  seconds: number
}

/** One submission of one message to one provider. */
export interface PlannedAttempt {
  message: ClaimedMessage
  provider: Provider
  key: AttemptKey
  /** The parts that no provider has taken yet. */
  pending: readonly number[]
  /** When each of the first of them may leave: the others have no permit yet, and stay unsent. */
  windows: readonly SendWindow[]
  /** Why this provider. */
  reason: string | null
}

/** An attempt is committed at most this long before its bytes go out (contract.md, 6). */
const SEND_WITHIN_MS = 2_000

/** Commits the attempt, then calls. `undefined` when the message is no longer ours, and nothing was sent. */
export async function submitAttempt(
  deps: SubmitDeps,
  attempt: PlannedAttempt,
): Promise<AttemptResult | undefined> {
  const { opened, askedAt } = await openAttempt(deps, attempt)
  if (!opened) return undefined
  const startedAt = performance.now()
  const result = await callProvider(attempt, {
    sendBy: askedAt + SEND_WITHIN_MS,
    windows: attempt.windows,
    signal: AbortSignal.timeout(deps.providerTimeoutMs + SEND_WITHIN_MS),
  })
  const seconds = (performance.now() - startedAt) / 1000
  deps.onAttempt({ provider: attempt.provider.name, kind: result.kind, seconds })
  return result
}

async function openAttempt(deps: SubmitDeps, attempt: PlannedAttempt): Promise<OpenedAttempt> {
  const { writer, workerId, now } = deps
  const { key, provider } = attempt
  const opened = { ...key, provider: provider.name, workerId, openedAt: now() }
  try {
    return await writer.open({ ...opened, reason: attempt.reason })
  } catch (err) {
    // It may have been committed with its answer lost. Nothing was sent, and only we know that.
    const reason = 'the database was away'
    const giveBack = { kind: 'park', until: now(), reason, possibleDuplicate: false } as const
    await settleAttempt(deps, attempt, { kind: 'unsent' }, giveBack)
    throw err
  }
}

async function callProvider(
  { message, provider, key, pending, windows }: PlannedAttempt,
  limits: SendLimits,
): Promise<AttemptResult> {
  const { phone, text, expiresAt } = message
  const parts = pending.slice(0, windows.length)
  const later = pending.slice(windows.length)
  try {
    const submission = { attempt: key, to: phone, text, parts, expiresAt }
    const outcomes = await provider.send(submission, limits)
    return combineOutcomes([...outcomes, ...later.map(toUnsent)])
  } catch (err) {
    // An adapter never throws for what a provider does: this is a bug of ours, and the attempt is committed.
    const detail = err instanceof Error ? err.name : 'the adapter threw'
    return { kind: 'in_doubt', taken: [], code: 'adapter-crashed', detail }
  }
}

function toUnsent(part: number): PartOutcome {
  return { part, outcome: { kind: 'unsent' } }
}

/** False where the message was moved by somebody else meanwhile: a receipt, or the sweeper. */
export async function settleAttempt(
  { writer, now, optOut }: SubmitDeps,
  { message, provider, key }: PlannedAttempt,
  result: AttemptResult,
  step: NextStep,
): Promise<boolean> {
  const facts = {
    attempt: key,
    provider: provider.name,
    parts: provider.countParts(message.text),
    polled: provider.poll !== undefined,
    wasInDoubt: false,
    at: now(),
  }
  let moved = false
  try {
    // On the list first: a death in between loses no refusal, and whoever reads `failed` finds the number there.
    if (result.kind === 'refused' && result.reason === 'opted-out') {
      await optOut(message.id, { provider: provider.name, code: result.code })
    }
  } finally {
    moved = await writer.settle(toSettlement(facts, result, step))
  }
  return moved
}
