import type { ErrorRequestHandler, Express, Router } from 'express'
import helmet from 'helmet'
import { OverloadedError } from './batcher.ts'
import { exactCase } from './exact-case.ts'
import { type HealthCheck, healthRoutes } from './health.ts'
import { createHttpApp, type HttpAppOptions } from './http-server.ts'
import type { Logger } from './logger.ts'
import { metricsRoute, type Registry } from './metrics.ts'
import { notFoundHandler, problemHandler, unavailable } from './problem.ts'
import { requestContext } from './request-context.ts'

export interface ServiceAppOptions extends HttpAppOptions {
  logger: Logger
  registry: Registry
  /** What the service cannot do without, by name. */
  checks: Readonly<Record<string, HealthCheck>>
  routers: readonly Router[]
  /** Whether an error says that the database is away: the caller is told to come again. */
  isOutage: (err: unknown) => boolean
}

const RETRY_AFTER_SECONDS = 2

/** The app of a service: what every request passes, the service's own routes, and what answers when none fits. */
export function createServiceApp(options: ServiceAppOptions): Express {
  const { logger, registry, checks, routers, isOutage, trustProxy } = options
  const app = createHttpApp(trustProxy === undefined ? {} : { trustProxy })
  app.use(requestContext(logger, registry))
  app.use(helmet())
  const all = [...routers, healthRoutes({ checks, logger }), metricsRoute(registry)]
  app.use(exactCase(all))
  for (const router of all) app.use(router)
  app.use(notFoundHandler)
  app.use(outageHandler(isOutage))
  app.use(problemHandler(logger))
  return app
}

function outageHandler(isOutage: (err: unknown) => boolean): ErrorRequestHandler {
  return (err: unknown, _req, _res, next) => {
    if (err instanceof OverloadedError) {
      const detail = 'More requests are waiting than can be stored: come again.'
      next(unavailable('overloaded', detail, RETRY_AFTER_SECONDS, err))
    } else if (isOutage(err)) {
      const detail =
        'The database does not answer: repeat the request, with its Idempotency-Key where it creates something.'
      next(unavailable('database-unavailable', detail, RETRY_AFTER_SECONDS, err))
    } else {
      next(err)
    }
  }
}
