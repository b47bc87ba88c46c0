import type { CookieOptions, Request, Response } from 'express'
import { SESSION_COOKIE } from '@sms-gateway/service-kit/credential'

/** Every service's routes, and nothing else of this host. */
const PATH = '/api/v1'

/** No `Max-Age`: who closes the browser has signed out of it. */
export function setSessionCookie(req: Request, res: Response, token: string): void {
  res.cookie(SESSION_COOKIE, token, optionsFor(req))
}

export function clearSessionCookie(req: Request, res: Response): void {
  res.clearCookie(SESSION_COOKIE, optionsFor(req))
}

function optionsFor({ secure }: Request): CookieOptions {
  return { httpOnly: true, sameSite: 'strict', secure, path: PATH }
}
