import type { LogEntry } from '@sms-gateway/contracts/logs'

/** What the gateway does next about a message whose end nobody knows, if people do nothing. */
export type NextOfDoubt =
  | { kind: 'look-up'; at: string }
  /** The time has come, or its turn is being taken. */
  | { kind: 'look-up-now' }
  /** Nobody can be asked: only a receipt will tell, or its time-out. */
  | { kind: 'hold' }
  | { kind: 'ended' }

export function nextOfDoubt({ status, doubt }: LogEntry, now: Date): NextOfDoubt {
  if (status === 'unknown') return { kind: 'ended' }
  const at = doubt?.next_check_at
  if (at === null || at === undefined) return { kind: 'hold' }
  return new Date(at) <= now ? { kind: 'look-up-now' } : { kind: 'look-up', at }
}

/** Since when it is not known: the doubt's own time, else its last change. */
export function sinceOf({ doubt, updated_at }: LogEntry): string {
  return doubt?.since ?? updated_at
}
