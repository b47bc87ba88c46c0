import { join } from 'node:path'
import { Router } from 'express'
import { createBudgetSource } from '@sms-gateway/acceptance/budget-source'
import type { AnswerRules } from './answer-inbound.ts'
import { createAnswerer } from './answer-inbound.ts'
import { startApplier } from './inbound-applier.ts'
import { createInboundIntake } from './inbound-intake.ts'
import { createInboundCodec } from './inbound-line.ts'
import { inboundRoutes } from './inbound-routes.ts'
import { optOutPageRoutes } from './opt-out-routes.ts'
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

export interface WebhooksOptions extends Omit<IntakeDeps, 'now' | 'spool'> {
  /** With the number we send from, where there is one. */
  twilio: (NonNullable<WebhookDeps['twilio']> & { from?: string }) | undefined
  chunghwa: WebhookDeps['chunghwa']
  spoolDir: string
  /** How people are answered by itself. */
  answers: AnswerRules
}

/** Throws when `spoolDir` cannot be used. */
export function createWebhooks(deps: WebhooksOptions): Webhooks {
  const { vault, logger, spoolDir: dir } = deps
  const now = () => new Date()
  const spool = openSpool({ dir, codec: createReceiptCodec(vault), logger, now })
  const intake = createReceiptIntake({ ...deps, now, spool })
  const inbound = createInbound(deps, now)
  return {
    router: Router()
      .use(webhookRoutes({ ...deps, now, intake }))
      .use(inboundRoutes({ ...deps, now, inboundIntake: inbound.intake }))
      .use(optOutPageRoutes({ ...deps, now })),
    check: () => intake.check(),
    async close() {
      await Promise.all([intake.close(), inbound.close()])
    },
  }
}

function createInbound(deps: WebhooksOptions, now: () => Date) {
  const { vault, logger, answers, twilio } = deps
  const dir = join(deps.spoolDir, 'inbound')
  const spool = openSpool({ dir, codec: createInboundCodec(vault), logger, now })
  const ownNumbers = twilio?.from === undefined ? [] : [twilio.from]
  const answer = createAnswerer(answers, { ownNumbers, hash: vault.hash, now })
  const applier = startApplier({
    ...deps,
    answer,
    now,
    budgetsInForce: createBudgetSource(deps.db, answers),
  })
  const intake = createInboundIntake({ ...deps, spool, onKept: () => applier.wake() })
  return {
    intake,
    async close() {
      await intake.close()
      await applier.stop()
    },
  }
}
