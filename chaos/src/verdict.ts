import type { ProviderName } from '@sms-gateway/domain/provider'

/** A message that was answered with 202. */
export interface AcceptedMessage {
  id: string
  phone: string
  type: string
}

/** What the gateway says became of it. */
export interface MessageRow {
  id: string
  status: string
  inDoubt: boolean
  possibleDuplicate: boolean
  provider: ProviderName | null
}

/** What a simulator took: a text, or one part of it. */
export interface TakenPart {
  provider: ProviderName
  phone: string
  part: number
  parts: number
}

export interface Facts {
  accepted: readonly AcceptedMessage[]
  rows: readonly MessageRow[]
  taken: readonly TakenPart[]
  /** Then `sent` is the end that is to be reached. */
  receiptsMayBeLost: boolean
}

export interface Verdict {
  lost: number
  doubled: number
  /** Taken twice as contract.md, 6 allows it, and marked. */
  markedDuplicates: number
  /** At Chunghwa, held for a receipt. */
  inDoubt: number
  /** Told to have ended without a provider. */
  unsent: number
  /** Ids to look into. */
  suspects: string[]
}

const FAILOVER_TYPES = ['otp', 'emergency']
const HANDED_OVER = ['sent', 'delivered', 'undelivered']
const UNSENT = ['failed', 'cancelled', 'expired', 'suppressed']

/**
 * Holds what was promised against what the simulators took, number by number: several messages may go to one number,
 * and then it must have got as many texts.
 */
export function judge({ accepted, rows, taken, receiptsMayBeLost }: Facts): Verdict {
  const rowOf = new Map(rows.map((row) => [row.id, row]))
  const takenBy = groupByPhone(taken)
  const verdict: Verdict = {
    lost: 0,
    doubled: Math.max(0, rows.length - accepted.length),
    markedDuplicates: 0,
    inDoubt: 0,
    unsent: 0,
    suspects: [],
  }
  for (const [phone, messages] of groupByPhone(accepted)) {
    const mine = messages.flatMap(({ id }) => rowOf.get(id) ?? [])
    const isFailover = messages.every(({ type }) => FAILOVER_TYPES.includes(type))
    const { least, most } = countTaken(takenBy.get(phone) ?? [])
    const excess = Math.max(0, most - messages.length)
    const marked = isFailover ? mine.filter((row) => row.possibleDuplicate).length : 0
    const toldTaken = mine.filter(({ status }) => HANDED_OVER.includes(status)).length
    const unended = mine.filter((row) => !hasEnded(row, receiptsMayBeLost)).length
    const neverTaken = Math.max(0, toldTaken - least)
    const lost = messages.length - mine.length + unended + neverTaken
    const doubled = Math.max(0, excess - marked)
    verdict.lost += lost
    verdict.doubled += doubled
    verdict.markedDuplicates += Math.min(excess, marked)
    verdict.inDoubt += mine.filter(isHeldInDoubt).length
    verdict.unsent += mine.filter(({ status }) => UNSENT.includes(status)).length
    if (lost + doubled > 0) verdict.suspects.push(...messages.map(({ id }) => id))
  }
  return verdict
}

function groupByPhone<T extends { phone: string }>(items: readonly T[]): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const item of items) {
    const group = groups.get(item.phone)
    if (group) group.push(item)
    else groups.set(item.phone, [item])
  }
  return groups
}

/** A text of several parts is handed over when all of them are, and twice when one of them is. */
function countTaken(taken: readonly TakenPart[]): { least: number; most: number } {
  const whole = taken.filter(({ provider }) => provider === 'twilio').length
  const parts = taken.filter(({ provider }) => provider === 'chunghwa')
  const total = Math.max(0, ...parts.map((each) => each.parts))
  const counts = Array.from(
    { length: total },
    (_, index) => parts.filter(({ part }) => part === index + 1).length,
  )
  if (counts.length === 0) return { least: whole, most: whole }
  return { least: whole + Math.min(...counts), most: whole + Math.max(...counts) }
}

export function hasEnded(row: MessageRow, receiptsMayBeLost: boolean): boolean {
  const { status } = row
  if (status === 'delivered' || status === 'undelivered' || status === 'unknown') return true
  if (UNSENT.includes(status)) return true
  return isHeldInDoubt(row) || (status === 'sent' && receiptsMayBeLost)
}

/** Nobody can ask Chunghwa; at Twilio every doubt must be resolved. */
function isHeldInDoubt({ status, inDoubt, provider }: MessageRow): boolean {
  return status === 'sending' && inDoubt && provider === 'chunghwa'
}

/** Longer, and a simulator may take what a look-up has not found: no provider does that. */
const MAX_STANDSTILL_MS = 3_000

/** Of a run that is to be repeated: a standstill may explain what was doubled, and nothing else is wrong, which it could not. */
export function isTooBusyToTell(
  { lost, doubled }: Pick<Verdict, 'lost' | 'doubled'>,
  { stoodStillMs, faults }: { stoodStillMs: number; faults: number },
): boolean {
  return doubled > 0 && stoodStillMs > MAX_STANDSTILL_MS && lost === 0 && faults === 0
}
