import { z } from 'zod'
import type { AttemptKey } from './ids.ts'
import type { Phone } from './phone.ts'

export const ProviderName = z.enum(['twilio', 'chunghwa'])
export type ProviderName = z.infer<typeof ProviderName>

/**
 * Why a provider did not take a submission. `number` and `text` are permanent: no other provider would do better.
 * `opted-out` is permanent too, and puts the number on our own list. `provider` is the provider's own trouble
 * (credentials, balance, its system) and counts against its circuit; `submission` is about this pair of number and
 * provider, or something we sent wrong: another provider may take it, and the circuit does not care.
 */
export type RefusalReason = 'number' | 'text' | 'opted-out' | 'provider' | 'submission'

/** What one call amounted to: contract.md, 6. A provider's refusal is a value, never an exception. */
export type SendOutcome =
  /** `reference` is the provider's id of the part, the one its receipts name. */
  | { kind: 'accepted'; reference: string }
  /** The provider answered that it did not take it. */
  | { kind: 'refused'; reason: RefusalReason; code: string; detail: string }
  /** Proven not taken: too many for now. */
  | { kind: 'throttled'; code: string; detail: string; retryAfterMs?: number }
  /** DNS, connect or TLS failed: nothing was written. */
  | { kind: 'unreachable'; code: string; detail: string }
  /** The moment up to which the attempt might go out had passed, and nothing was written. */
  | { kind: 'unsent' }
  /** It may have been taken: never simply send again. */
  | { kind: 'in_doubt'; code: string; detail: string }

export interface PartOutcome {
  /** From 1. A provider that splits by itself has one part, whatever the length. */
  part: number
  outcome: SendOutcome
}

export interface Submission {
  attempt: AttemptKey
  to: Phone
  text: string
  /** The parts still to be taken; `undefined` asks for all. Only a provider whose texts we split ourselves has more than one. */
  parts?: readonly number[]
  /** Provider-side validity: after it the provider should not try any more. */
  expiresAt: Date
}

/** Moments of `performance.now()`: the permit of a rate limit is void past its end. */
export interface SendWindow {
  from: number
  until: number
}

export interface SendLimits {
  /** `performance.now()` up to which the first byte may leave: an attempt is committed at most 2 s before (contract.md, 6). */
  sendBy: number
  /** For each part asked for, when it may leave: rate limits pace parts, too. */
  windows?: readonly SendWindow[]
  signal: AbortSignal
}

/** What a provider knows of one of our submissions, asked afterwards. */
export type LookUpResult =
  /** Candidates, oldest first; the caller takes the first that no other attempt has claimed. */
  | { kind: 'found'; references: readonly string[] }
  | { kind: 'absent' }
  /** It could not be asked now: ask again later. */
  | { kind: 'unavailable'; detail: string }

/** What a provider says of a message after it took it. */
export const DELIVERY_STATUSES = ['accepted', 'sent', 'undelivered', 'delivered'] as const
export type DeliveryStatus = (typeof DELIVERY_STATUSES)[number]

/** `optedOut`: the carrier says that the subscriber refuses such texts. `unknown` code: our table is out of date. */
export interface DeliveryReport {
  reference: string
  status: DeliveryStatus
  errorCode?: string
  detail?: string
  optedOut?: boolean
  /** When the provider says it happened, where it says so. */
  at?: Date
}

/** Asks for receipts where a provider does not send them: an id the provider has no final answer for is `pending`. */
export type PollResult =
  | { kind: 'report'; report: DeliveryReport }
  | { kind: 'pending' }
  /** The provider knows nothing of it, or has given up: no better answer will come. */
  | { kind: 'lost'; code: string; detail: string }
  | { kind: 'unavailable'; detail: string }

export interface PollRequest {
  reference: string
  to: Phone
}

export interface Balance {
  amount: string
  currency: string
}

/** One adapter. Nothing here throws for what a provider can do. */
export interface Provider {
  readonly name: ProviderName
  /** How many parts we must submit for a text: 1 where the provider splits by itself. */
  countParts(text: string): number
  /** One outcome for each part asked for, in order. */
  send(submission: Submission, limits: SendLimits): Promise<PartOutcome[]>
  /** Only where the provider can be asked what became of a submission whose answer was lost. */
  lookUp?(query: LookUpQuery, signal: AbortSignal): Promise<LookUpResult>
  /** Only where receipts must be asked for. */
  poll?(request: PollRequest, signal: AbortSignal): Promise<PollResult>
  /** Only where receipts are sent, and one that is lost can be asked for. */
  fetchReceipt?(request: PollRequest, signal: AbortSignal): Promise<PollResult>
  fetchBalance?(signal: AbortSignal): Promise<Balance | undefined>
  close(): Promise<void>
}

export interface LookUpQuery {
  to: Phone
  text: string
  /** When the attempt was committed: what the provider made before that is not ours. */
  since: Date
}
