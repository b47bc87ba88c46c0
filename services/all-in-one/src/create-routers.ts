import type { Router } from 'express'
import { openAccess } from '@sms-gateway/access/open-access'
import { createConsole, findConsole } from '@sms-gateway/admin-api/console'
import { createQueueBoard } from '@sms-gateway/admin-api/queue-board'
import { createAdmin } from '@sms-gateway/admin-api/service'
import { createFraudAlarm } from '@sms-gateway/ingest-api/fraud-alarm'
import { createIngest } from '@sms-gateway/ingest-api/service'
import { createWebhooks } from '@sms-gateway/webhooks/service'
import type { Closers } from './closers.ts'
import type { Config } from './config.ts'
import type { Foundation, GatewayProviders } from './foundation.ts'

export function createRouters(
  config: Config,
  foundation: Foundation,
  providerConfig: GatewayProviders,
  closers: Closers,
): Router[] {
  const { rules, routing, circuitPolicy, limits, spoolDir } = config
  const { enabled: sendingEnabled } = rules
  const answers = { ...rules, ...config.twoWay, sendingEnabled }
  const webhooks = createWebhooks({ ...foundation, ...providerConfig, spoolDir, answers })
  closers.add(() => webhooks.close())
  const access = openAccess({
    db: foundation.answeringDb,
    vault: foundation.vault,
    queue: foundation.queueConfig,
  })
  closers.add(() => access.close())
  const ingest = createIngest({
    ...foundation,
    access,
    db: foundation.answeringDb,
    rules,
    limits,
    sendingEnabled,
    fraud: {
      limits: config.fraudLimits,
      onSign: createFraudAlarm(foundation.registry, foundation.logger),
    },
  })
  closers.add(() => ingest.close())
  const admin = createAdmin({
    access,
    db: foundation.answeringDb,
    vault: foundation.vault,
    circuitPolicy,
    routing,
    limits,
    previewRules: rules,
    budgets: rules.budgets,
    timeZone: rules.quiet.timeZone,
    oidc: config.oidc,
    logger: foundation.logger,
    ...config.callbacks,
  })
  const board = createQueueBoard({ ...foundation, ...access })
  closers.add(() => board.close())
  return [ingest.router, webhooks.router, admin, board.router, createConsole(findConsole())]
}
