import { setTimeout as delay } from 'node:timers/promises'
import type { SendLimits } from '@sms-gateway/domain/provider'

/**
 * Waits until the part may leave, by its rate permit; answers up to when.
 * @param index - its place among the parts that were asked for.
 */
export async function waitForWindow(
  { sendBy, windows }: SendLimits,
  index: number,
): Promise<number> {
  const window = windows?.[index]
  if (!window) return sendBy
  const waitMs = window.from - performance.now()
  if (waitMs > 0) await delay(waitMs)
  return Math.min(sendBy, window.until)
}
