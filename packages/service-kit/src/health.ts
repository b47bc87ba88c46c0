import { type Request, type Response, Router } from 'express'
import type { Logger } from './logger.ts'
import { withTimeLimit } from './time-limit.ts'

/** Rejects, or takes too long, while the thing it is named after cannot be used. */
export type HealthCheck = () => Promise<unknown>

export interface HealthDeps {
  checks: Readonly<Record<string, HealthCheck>>
  logger: Logger
  now?: () => number
  limitMs?: number
  cacheMs?: number
}

interface Readiness {
  status: 'ok' | 'failing'
  checks: Record<string, 'ok' | 'failing'>
}

const CHECK_LIMIT_MS = 2_000
const CACHE_MS = 1_000

/** `GET /healthz` says the process runs, `GET /readyz` that what it needs answers. */
export function healthRoutes(deps: HealthDeps): Router {
  const readReadiness = cacheReadiness(deps)
  return Router()
    .get('/healthz', (_req: Request, res: Response) => {
      res.set('cache-control', 'no-store').json({ status: 'ok' })
    })
    .get('/readyz', async (_req: Request, res: Response) => {
      const readiness = await readReadiness()
      res.status(readiness.status === 'ok' ? 200 : 503)
      res.set('cache-control', 'no-store').json(readiness)
    })
}

/** Anyone may ask, so the stores are asked once a second at most, however many do. */
function cacheReadiness(deps: HealthDeps): () => Promise<Readiness> {
  const { now = Date.now, cacheMs = CACHE_MS } = deps
  let current: { readiness: Promise<Readiness>; validUntil: number } | undefined
  return () => {
    if (current && now() < current.validUntil) return current.readiness
    const readiness = runChecks(deps)
    const started = { readiness, validUntil: Number.POSITIVE_INFINITY }
    current = started
    void readiness.then(() => {
      started.validUntil = now() + cacheMs
    })
    return readiness
  }
}

async function runChecks({
  checks,
  logger,
  limitMs = CHECK_LIMIT_MS,
}: HealthDeps): Promise<Readiness> {
  const verdicts = await Promise.all(
    Object.entries(checks).map(async ([name, check]) => {
      try {
        await withTimeLimit(limitMs, check)
        return [name, 'ok'] as const
      } catch (err) {
        logger.warn({ err, check: name }, 'health check failed')
        return [name, 'failing'] as const
      }
    }),
  )
  const failing = verdicts.some(([, verdict]) => verdict === 'failing')
  return { status: failing ? 'failing' : 'ok', checks: Object.fromEntries(verdicts) }
}
