import type { Request } from 'express'
import { z } from 'zod'
import type { Vault } from '@sms-gateway/db/vault'
import { readCookie } from '@sms-gateway/service-kit/credential'
import { isForHttps } from '../cookie-security.ts'
import type { CookieExchange } from '../session-cookie.ts'

/** What the browser that was sent to the issuer brings back. */
const Flow = z.strictObject({ state: z.string(), nonce: z.string(), verifier: z.string() })
export type OidcFlow = z.infer<typeof Flow>

const Sealed = Flow.extend({ until: z.number() })
const COOKIE = 'sms_sign_in'
const PATH = '/api/v1/sms/session/oidc'
const CONTEXT = 'oidc sign-in'
const LIFE_MS = 600_000

/** With the browser, sealed: so only who began a sign-in can end it, at whichever replica. */
export function setFlow(vault: Vault, exchange: CookieExchange, flow: OidcFlow): void {
  const { req, res, publicUrl } = exchange
  const sealed = vault.seal(JSON.stringify({ ...flow, until: Date.now() + LIFE_MS }), CONTEXT)
  // Lax: it comes back by a link from the issuer's page.
  res.cookie(COOKIE, sealed.toString('base64url'), {
    ...optionsFor(req, publicUrl),
    maxAge: LIFE_MS,
  })
}

/** Once: the answer takes it from the browser. */
export function takeFlow(vault: Vault, exchange: CookieExchange): OidcFlow | undefined {
  const { req, res, publicUrl } = exchange
  const cookie = readCookie(req, COOKIE)
  res.clearCookie(COOKIE, optionsFor(req, publicUrl))
  if (cookie === undefined) return undefined
  const opened = open(vault, cookie)
  if (!opened || opened.until <= Date.now()) return undefined
  const { until: _until, ...flow } = opened
  return flow
}

function open(vault: Vault, cookie: string): z.infer<typeof Sealed> | undefined {
  try {
    return Sealed.parse(JSON.parse(vault.open(Buffer.from(cookie, 'base64url'), CONTEXT)))
  } catch {
    // Not of our making, or of a key that is gone: whoever brings it begins again.
    return undefined
  }
}

function optionsFor(req: Request, publicUrl: string | undefined) {
  const secure = isForHttps(req, publicUrl)
  return { httpOnly: true, sameSite: 'lax', secure, path: PATH } as const
}
