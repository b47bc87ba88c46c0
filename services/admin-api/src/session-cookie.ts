import type { CookieOptions, Request, Response } from 'express'
import { SESSION_COOKIE } from '@sms-gateway/service-kit/credential'
import { isForHttps } from './cookie-security.ts'

/** Every service's routes, and nothing else of this host. */
const PATH = '/api/v1'

export interface CookieExchange {
  req: Request
  res: Response
  /** Where people's browsers find the gateway, where it is told. */
  publicUrl: string | undefined
}

/** No `Max-Age`: who closes the browser has signed out of it. */
export function setSessionCookie({ req, res, publicUrl }: CookieExchange, token: string): void {
  res.cookie(SESSION_COOKIE, token, optionsFor(req, publicUrl))
}

export function clearSessionCookie({ req, res, publicUrl }: CookieExchange): void {
  res.clearCookie(SESSION_COOKIE, optionsFor(req, publicUrl))
}

function optionsFor(req: Request, publicUrl: string | undefined): CookieOptions {
  return { httpOnly: true, sameSite: 'strict', secure: isForHttps(req, publicUrl), path: PATH }
}
