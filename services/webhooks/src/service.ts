import { join } from 'node:path'
import { Router } from 'express'
import { createInboundIntake } from './inbound-intake.ts'
import { createInboundCodec } from './inbound-line.ts'
import { inboundRoutes } from './inbound-routes.ts'
import type { IntakeDeps } from './receipt-intake.ts'
import { createReceiptIntake } from './receipt-intake.ts'
import { createReceiptCodec } from './receipt-line.ts'
import type { WebhookDeps } from './routes.ts'
import { webhookRoutes } from './routes.ts'
import { openSpool } from './spool.ts'

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
  const spool = openSpool({ dir, codec: createReceiptCodec(vault), logger, now })
  const intake = createReceiptIntake({ ...deps, now, spool })
  const inboundSpool = openSpool({
    ...{ dir: join(dir, 'inbound'), codec: createInboundCodec(vault) },
    ...{ logger, now },
  })
  const inboundIntake = createInboundIntake({ ...deps, spool: inboundSpool })
  return {
    router: Router()
      .use(webhookRoutes({ ...deps, now, intake }))
      .use(inboundRoutes({ ...deps, now, inboundIntake })),
    check: () => intake.check(),
    async close() {
      await Promise.all([intake.close(), inboundIntake.close()])
    },
  }
}
