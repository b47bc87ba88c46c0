import { randomUUID } from 'node:crypto'
import type { Request, Response } from 'express'

/**
 * The route as it was declared (`/api/v1/sms/messages/:id`), never the URL: numbers stand in some URLs.
 * It is the path within its router, so routers are mounted at the root and their routes declared whole.
 */
export function routeOf(req: Request): string {
  // eslint-disable-next-line @typescript-eslint/consistent-type-assertions -- untyped in Express, absent until a route matches
  const route = req.route as { path: string | RegExp | readonly string[] } | undefined
  return route === undefined ? 'unmatched' : String(route.path)
}

const REQUEST_ID = /^[A-Za-z0-9_-]{1,64}$/

/** Takes the caller's well-formed id, else makes one, and gives it back on the answer. */
export function startRequest(req: Request, res: Response): string {
  const given = req.headers['x-request-id']
  const id = typeof given === 'string' && REQUEST_ID.test(given) ? given : randomUUID()
  res.setHeader('X-Request-Id', id)
  return id
}

/** The id on the answer; made here where the request failed before {@link startRequest}. */
export function requestIdOf(res: Response): string {
  const id = res.getHeader('X-Request-Id')
  if (typeof id === 'string') return id
  return res.headersSent ? 'unknown' : startRequest(res.req, res)
}
