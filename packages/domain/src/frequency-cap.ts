/** So many messages of a kind to one person within so many hours. */
export interface FrequencyCap {
  count: number
  hours: number
}

export const CAPPED_KINDS = ['marketing', 'service'] as const
export type CappedKind = (typeof CAPPED_KINDS)[number]
export type FrequencyCaps = Partial<Record<CappedKind, FrequencyCap | undefined>>

/** Somebody waits for these, or must know them: they are never capped. */
export const NEVER_CAPPED_TYPES: readonly string[] = ['otp', 'emergency']

/** `undefined` for what is never capped. */
export function kindOf(
  messageType: string,
  marketingTypes: readonly string[],
): CappedKind | undefined {
  if (NEVER_CAPPED_TYPES.includes(messageType)) return undefined
  return marketingTypes.includes(messageType) ? 'marketing' : 'service'
}

export type Turn = { kind: 'go' } | { kind: 'hold'; until: Date }

const HOUR_MS = 3_600_000

/** Whether one more may go to somebody who got messages at these times; else when the window has room again. */
export function askFrequency(
  times: readonly Date[],
  { count, hours }: FrequencyCap,
  now: Date,
): Turn {
  const since = now.getTime() - hours * HOUR_MS
  const inWindow = times.map((at) => at.getTime()).filter((at) => at > since)
  // The newest first: room comes when all but the last `count - 1` have left the window.
  const last = inWindow.sort((a, b) => b - a)[count - 1]
  return last === undefined
    ? { kind: 'go' }
    : { kind: 'hold', until: new Date(last + hours * HOUR_MS) }
}
