import { type Request, type Response, Router } from 'express'
import type { Sessions } from '@sms-gateway/access/sessions'
import { SignInError } from '@sms-gateway/contracts/session'
import type { Db } from '@sms-gateway/db/connect'
import { signInPerson, withdrawPerson } from '@sms-gateway/db/oidc-people'
import type { Vault } from '@sms-gateway/db/vault'
import { SCOPES_OF_ROLE } from '@sms-gateway/domain/role'
import { tellClient } from '@sms-gateway/service-kit/api-auth'
import { type AuditTrail, commitAudit } from '@sms-gateway/service-kit/audit-trail'
import type { Logger } from '@sms-gateway/service-kit/logger'
import { notFoundHandler, unavailable } from '@sms-gateway/service-kit/problem'
import { createOidcClient, type OidcClient, type OidcConfig } from './oidc/oidc-client.ts'
import { setFlow, takeFlow } from './oidc/oidc-flow.ts'
import { type CookieExchange, setSessionCookie } from './session-cookie.ts'
import { addressOf, takeTry } from './sign-in-tries.ts'

export interface OidcDeps {
  db: Db
  vault: Vault
  auditTrail: AuditTrail
  sessions: Sessions
  logger: Logger
  /** `undefined`: people sign in by API key alone. */
  oidc: OidcConfig | undefined
}

const OIDC = '/api/v1/sms/session/oidc'
const RETRY_AFTER_SECONDS = 10

/** Nobody asks an issuer before somebody wants to sign in by it: one that is away keeps nothing from starting. */
export function oidcRoutes(deps: OidcDeps): Router {
  const { oidc, vault } = deps
  if (!oidc) return Router().get(OIDC, notFoundHandler).get(`${OIDC}/callback`, notFoundHandler)
  const client = createOidcClient(oidc)
  const { publicUrl } = oidc
  return Router()
    .get(OIDC, async (req, res) => {
      const started = await client.start()
      if (started.kind === 'unavailable') {
        tellUnavailable(req, res)
        return
      }
      setFlow(vault, { req, res, publicUrl }, started.flow)
      res.redirect(303, started.url.href)
    })
    .get(`${OIDC}/callback`, (req, res) => finish(deps, client, { req, res, publicUrl }))
}

async function finish(deps: OidcDeps, client: OidcClient, exchange: CookieExchange): Promise<void> {
  const { auditTrail, sessions, vault, logger } = deps
  const { req, res } = exchange
  // First: any page may make a browser ask for this address, and must not use up the tries of its office.
  const flow = takeFlow(vault, exchange)
  if (!flow) {
    res.redirect(303, `/?error=${SignInError.enum.expired}`)
    return
  }
  await takeTry(sessions, req, 'sign-ins')
  const refuse = async (error: SignInError) => {
    await commitAudit(auditTrail, res, { ...ENTRY, outcome: error })
    res.redirect(303, `/?error=${error}`)
  }
  const finished = await client.finish(req.originalUrl, flow)
  if (finished.kind !== 'ok') {
    logger.warn({ kind: finished.kind, reason: finished.reason }, 'sign-in by OIDC failed')
    if (finished.kind === 'failed') return refuse('failed')
    await commitAudit(auditTrail, res, { ...ENTRY, outcome: 'unavailable' })
    tellUnavailable(req, res)
    return
  }
  const { role, ...person } = finished.person
  if (!role) {
    await withdrawPerson(deps.db, person)
    return refuse('no_role')
  }
  const signedIn = await signInPerson(deps.db, { ...person, scopes: SCOPES_OF_ROLE[role] })
  if (signedIn.kind === 'revoked') return refuse('revoked')
  const { keyId, clientId } = signedIn
  tellClient(res, { keyId, clientId, scopes: SCOPES_OF_ROLE[role] })
  const { token } = await sessions.open(keyId)
  await commitAudit(auditTrail, res, { ...ENTRY, outcome: 'ok' })
  await sessions.giveTryBack(addressOf(req))
  setSessionCookie(exchange, token)
  res.redirect(303, '/')
}

const ENTRY = { action: 'session.create', subject: { kind: 'sign-in', id: 'oidc' } }

/** A person's browser is shown the page, which says so; a program gets the problem. */
function tellUnavailable(req: Request, res: Response): void {
  if (req.accepts(['json', 'html']) === 'html') {
    res.redirect(303, `/?error=${SignInError.enum.unavailable}`)
    return
  }
  const detail =
    'The issuer by which people sign in does not answer: come again, or use an API key.'
  throw unavailable('sign-in-unavailable', detail, RETRY_AFTER_SECONDS)
}
