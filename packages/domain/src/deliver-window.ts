import { quietUntil, type QuietWindow, readQuietHours } from './quiet-hours.ts'
import { holdForQuiet, type QuietPolicy, type QuietQuestion } from './quiet-policy.ts'

/** The hours of the day in which a customer's messages may go: from its start up to its end. */
export type DeliverWindow = QuietWindow

/** `10:00-20:00`; `undefined` for anything else, and for a window that never opens. */
export function readDeliverWindow(text: string): DeliverWindow | undefined {
  return readQuietHours(text) ?? undefined
}

export function writeDeliverWindow({ startMinute, endMinute }: DeliverWindow): string {
  return `${writeMinute(startMinute)}-${writeMinute(endMinute)}`
}

function writeMinute(minute: number): string {
  const hours = String(Math.floor(minute / 60)).padStart(2, '0')
  return `${hours}:${String(minute % 60).padStart(2, '0')}`
}

/** When the window opens; `undefined` when it is open now. What lies outside of it is quiet. */
export function closedUntil(now: Date, window: DeliverWindow, zone: string): Date | undefined {
  const outside = { startMinute: window.endMinute, endMinute: window.startMinute }
  return quietUntil(now, outside, zone)
}

export interface OpeningQuestion extends QuietQuestion {
  window: DeliverWindow | null
}

export type Opening = { kind: 'now' } | { kind: 'at'; at: Date } | { kind: 'never' }

/** A night and a window alternate at most so often before it is clear that they have no common minute. */
const MAX_TURNS = 6

/** When a message may go by the quiet hours and by its own window. `never`: the two have no minute in common. */
export function findOpening(question: OpeningQuestion, quiet: QuietPolicy, now: Date): Opening {
  let at = now
  for (let turn = 0; turn < MAX_TURNS; turn++) {
    const later = holdForQuiet(question, quiet, at) ?? outsideUntil(question, quiet, at)
    if (!later) return at === now ? { kind: 'now' } : { kind: 'at', at }
    at = later
  }
  return { kind: 'never' }
}

function outsideUntil(
  { window, timeZone }: OpeningQuestion,
  { timeZone: fallback }: QuietPolicy,
  at: Date,
): Date | undefined {
  return window ? closedUntil(at, window, timeZone ?? fallback) : undefined
}
