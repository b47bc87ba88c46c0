import type { Router } from 'express'
import type { IntakeDeps } from './receipt-intake.ts'
import { createReceiptIntake } from './receipt-intake.ts'
import type { WebhookDeps } from './routes.ts'
import { webhookRoutes } from './routes.ts'

export interface Webhooks {
  router: Router
  /** Resolves when all receipts that were taken in are applied. */
  close(): Promise<void>
}

export function createWebhooks(
  deps: Omit<IntakeDeps, 'now'> & Pick<WebhookDeps, 'twilio' | 'chunghwa'>,
): Webhooks {
  const withClock = { ...deps, now: () => new Date() }
  const intake = createReceiptIntake(withClock)
  return { router: webhookRoutes({ ...withClock, intake }), close: () => intake.close() }
}
