import type { Router } from 'express'
import type { IntakeDeps } from './receipt-intake.ts'
import { createReceiptIntake } from './receipt-intake.ts'
import { openSpool } from './receipt-spool.ts'
import type { WebhookDeps } from './routes.ts'
import { webhookRoutes } from './routes.ts'

export interface Webhooks {
  router: Router
  /** Rejects when receipts could be kept neither in the database nor in the spool. */
  check(): Promise<void>
  /** Resolves when all receipts that were taken in are applied, or spooled while the database is away. */
  close(): Promise<void>
}

/** Throws when `spoolDir` cannot be used. */
export function createWebhooks(
  deps: Omit<IntakeDeps, 'now' | 'spool'> &
    Pick<WebhookDeps, 'twilio' | 'chunghwa'> & { spoolDir: string },
): Webhooks {
  const { vault, logger, spoolDir: dir } = deps
  const now = () => new Date()
  const spool = openSpool({ dir, vault, logger, now })
  const intake = createReceiptIntake({ ...deps, now, spool })
  return {
    router: webhookRoutes({ ...deps, now, intake }),
    check: () => intake.check(),
    close: () => intake.close(),
  }
}
