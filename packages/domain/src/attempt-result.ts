import type { PartOutcome, SendOutcome } from './provider.ts'

/** A part that the provider took, by the provider's own id. */
export interface TakenReference {
  part: number
  reference: string
}

export type NotTaken = Exclude<SendOutcome, { kind: 'accepted' }>

/** What one attempt amounted to, its parts taken together. */
export type AttemptResult =
  | { kind: 'accepted'; taken: readonly TakenReference[] }
  /** Some parts were taken, and the others were not: those may be repeated, at this provider alone. */
  | {
      kind: 'partial'
      taken: readonly TakenReference[]
      rest: Exclude<NotTaken, { kind: 'in_doubt' }>
    }
  | { kind: 'in_doubt'; taken: readonly TakenReference[]; code: string; detail: string }
  | Exclude<NotTaken, { kind: 'in_doubt' }>

/** How an attempt ends for good: one in doubt may turn out never to have reached its provider. */
export type AttemptEnding = AttemptResult | { kind: 'absent' }

/** As an attempt is kept: `open` while it is out there, then as it ended. */
export const ATTEMPT_STATES = [
  'open',
  'accepted',
  'partial',
  'refused',
  'throttled',
  'unreachable',
  'unsent',
  'in_doubt',
  'absent',
] as const
export type AttemptState = (typeof ATTEMPT_STATES)[number]

/** Which of the parts that were not taken says most about what to do next. */
const WEIGHT: Record<NotTaken['kind'], number> = {
  unsent: 0,
  unreachable: 1,
  throttled: 2,
  refused: 3,
  in_doubt: 4,
}

/** @param outcomes - one for each part that was asked for; at least one. */
export function combineOutcomes(outcomes: readonly PartOutcome[]): AttemptResult {
  const taken: TakenReference[] = []
  let heaviest: NotTaken | undefined
  for (const { part, outcome } of outcomes) {
    if (outcome.kind === 'accepted') taken.push({ part, reference: outcome.reference })
    else if (!heaviest || isHeavier(outcome, heaviest)) heaviest = outcome
  }
  if (!heaviest) return { kind: 'accepted', taken }
  if (heaviest.kind === 'in_doubt') {
    return { kind: 'in_doubt', taken, code: heaviest.code, detail: heaviest.detail }
  }
  return taken.length > 0 ? { kind: 'partial', taken, rest: heaviest } : heaviest
}

function isHeavier(a: NotTaken, b: NotTaken): boolean {
  if (a.kind === 'refused' && b.kind === 'refused') return isPermanent(a) && !isPermanent(b)
  return WEIGHT[a.kind] > WEIGHT[b.kind]
}

/** No other provider, and no later moment, would do better. */
export function isPermanent({ reason }: Extract<SendOutcome, { kind: 'refused' }>): boolean {
  return reason === 'number' || reason === 'text' || reason === 'opted-out'
}

/** Whether a provider answered, or may have taken it: what `SMS_MAX_ATTEMPTS` counts. */
export function isCounted(result: AttemptEnding): boolean {
  switch (result.kind) {
    case 'accepted':
    case 'partial':
    case 'refused':
    case 'in_doubt':
      return true
    case 'throttled':
    case 'unreachable':
    case 'unsent':
    case 'absent':
      return false
  }
}
