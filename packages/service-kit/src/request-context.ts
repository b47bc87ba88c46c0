import type { Request, RequestHandler, Response } from 'express'
import { isEventStream } from './event-stream.ts'
import type { Logger } from './logger.ts'
import { histogramIn, type Registry } from './metrics.ts'
import { routeOf, startRequest } from './request-facts.ts'

/** Asked every few seconds by machines: their lines would bury the others. */
const QUIET_ROUTES: ReadonlySet<string> = new Set(['/healthz', '/readyz', '/metrics'])

const BUCKETS_SECONDS = [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10]

/** The first handler of every app: the request id, one line and one observation for each request. */
export function requestContext(logger: Logger, registry: Registry): RequestHandler {
  const histogram = histogramIn(registry, {
    name: 'http_request_duration_seconds',
    help: 'Time from the request to the end of its answer',
    labelNames: ['method', 'route', 'status'],
    buckets: BUCKETS_SECONDS,
  })

  const settle = (req: Request, res: Response, requestId: string, startedAt: number) => {
    const { method } = req
    const durationMs = Math.round((performance.now() - startedAt) * 100) / 100
    const route = routeOf(req)
    const isStream = isEventStream(res)
    // Nginx's 499: the caller hung up, so no status was ever seen. A stream has no other end.
    const status = res.writableFinished || isStream ? res.statusCode : 499
    if (!isStream) histogram.observe({ method, route, status }, durationMs / 1_000)

    const code: unknown = res.locals['problemCode']
    const line = { requestId, method, route, status, durationMs }
    const level = QUIET_ROUTES.has(route) ? 'debug' : 'info'
    logger[level](code === undefined ? line : { ...line, code }, 'request')
  }

  return (req, res, next) => {
    const startedAt = performance.now()
    const requestId = startRequest(req, res)
    // `close` comes once, after the last byte or when the caller hangs up.
    res.once('close', () => {
      settle(req, res, requestId, startedAt)
    })
    next()
  }
}
