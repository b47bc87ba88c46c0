import { type Request, type Response, Router } from 'express'
import type { Sessions } from '@sms-gateway/access/sessions'
import { Scope } from '@sms-gateway/contracts/api-keys'
import {
  type SessionResponse,
  type SignInMethodsResponse,
  SignInRequest,
  SignOutQuery,
} from '@sms-gateway/contracts/session'
import { SESSION_IDLE_SECONDS } from '@sms-gateway/db/sessions'
import { mayUnmask, roleOf } from '@sms-gateway/domain/role'
import { createAddressList } from '@sms-gateway/service-kit/address-list'
import {
  addressRefused,
  type ApiClient,
  type Authenticate,
  clientOf,
  ownerOf,
  requireSession,
  tellClient,
} from '@sms-gateway/service-kit/api-auth'
import type { Audited } from '@sms-gateway/service-kit/audited'
import { readCookie, readCredential, SESSION_COOKIE } from '@sms-gateway/service-kit/credential'
import { jsonBody } from '@sms-gateway/service-kit/json-body'
import { HttpProblem, parseRequest } from '@sms-gateway/service-kit/problem'
import { requireSameOrigin } from '@sms-gateway/service-kit/same-origin'
import type { OidcConfig } from './oidc/oidc-client.ts'
import { clearSessionCookie, setSessionCookie } from './session-cookie.ts'
import { addressOf, takeTry } from './sign-in-tries.ts'

export interface SessionDeps {
  authenticate: Authenticate
  audited: Audited
  sessions: Sessions
  oidc: OidcConfig | undefined
}

const SESSION = '/api/v1/sms/session'
const BODY_LIMIT_BYTES = 4_096

export function sessionRoutes(deps: SessionDeps): Router {
  const { authenticate, audited, oidc, sessions } = deps
  const isSignedIn = requireSession(authenticate)
  return Router()
    .use(SESSION, (_req, res, next) => {
      res.set('Cache-Control', 'no-store')
      next()
    })
    .get(`${SESSION}/methods`, (_req, res) => {
      res.json({ oidc: oidc !== undefined } satisfies SignInMethodsResponse)
    })
    .get(SESSION, isSignedIn, (_req, res) => {
      res.json(toResponse(clientOf(res)))
    })
    .post(
      SESSION,
      // Beyond the limit nothing is looked up, and nothing written.
      async (req, _res, next) => {
        requireSameOrigin(req)
        await takeTry(sessions, req, 'sign-ins with a wrong key')
        next()
      },
      audited('session.create'),
      jsonBody({ limitBytes: BODY_LIMIT_BYTES }),
      (req, res) => signIn(deps, req, res),
    )
    .delete(SESSION, isSignedIn, audited('session.delete'), async (req, res) => {
      const { all } = parseRequest(SignOutQuery, req.query)
      const credential = readCredential(req)
      if (all === 'true') await sessions.closeAll(clientOf(res).keyId)
      if (credential?.kind === 'session') await sessions.close(credential.token)
      clearSessionCookie({ req, res, publicUrl: oidc?.publicUrl })
      res.status(204).end()
    })
}

async function signIn({ oidc, sessions }: SessionDeps, req: Request, res: Response): Promise<void> {
  const { api_key: key } = parseRequest(SignInRequest, req.body)
  const holder = await sessions.findKey(key)
  if (!holder) throw new HttpProblem('unauthorized', 'The API key is not valid.')
  const { allowedAddresses } = holder
  tellClient(res, holder)
  const address = addressOf(req)
  if (allowedAddresses.length > 0 && !createAddressList(allowedAddresses)(address)) {
    throw addressRefused()
  }
  await sessions.giveTryBack(address)
  const before = readCookie(req, SESSION_COOKIE)
  if (before !== undefined) await sessions.close(before)
  const { token, expiresAt } = await sessions.open(holder.keyId)
  setSessionCookie({ req, res, publicUrl: oidc?.publicUrl }, token)
  res.json(toResponse({ ...holder, session: { ...holder, expiresAt } }))
}

function toResponse(client: ApiClient): SessionResponse {
  const { clientId, scopes, session } = client
  if (!session) throw new Error('the route has no requireSession before it')
  return {
    name: session.name,
    client: { id: clientId, name: session.clientName },
    role: roleOf(scopes),
    scopes: scopes.flatMap((scope) => Scope.safeParse(scope).data ?? []),
    oidc: session.isPerson,
    all_clients: ownerOf(client) === undefined,
    may_unmask: mayUnmask(scopes),
    expires_at: session.expiresAt.toISOString(),
    idle_seconds: SESSION_IDLE_SECONDS,
  } satisfies SessionResponse
}
