import { quietUntil, type QuietWindow } from './quiet-hours.ts'

export interface QuietPolicy {
  /** `null`: it is never quiet. */
  window: QuietWindow | null
  /** Where the recipient's own zone is not known. */
  timeZone: string
  /** Message types that quiet hours never hold. */
  exemptTypes: readonly string[]
}

export interface QuietQuestion {
  messageType: string
  timeZone: string | null
}

/** Until when a message must wait because its recipient sleeps; `undefined` when it may go now. */
export function holdForQuiet(
  { messageType, timeZone }: QuietQuestion,
  { window, timeZone: fallback, exemptTypes }: QuietPolicy,
  now: Date,
): Date | undefined {
  if (exemptTypes.includes(messageType)) return undefined
  return quietUntil(now, window, timeZone ?? fallback)
}
