import type { NextFunction, Request, RequestHandler, Response } from 'express'
import { type Credential, readCredential } from './credential.ts'
import { HttpProblem } from './problem.ts'
import { applyRate, type RateState } from './rate-limit.ts'
import { refuseForeign } from './same-origin.ts'

export interface ApiClient {
  clientId: string
  keyId: string
  scopes: readonly string[]
  /** Whether its key may be used from an address; left out: from everywhere. */
  allows?: (address: string) => boolean
  /** Counts a request against the key's limit; left out: it has none. */
  count?: () => Promise<RateState>
  /** Set where a cookie said who it is. */
  session?: SessionFacts
  /** Stands between the routes and its answers; throws where it may not ask like this. */
  guard?: (req: Request, res: Response, next: NextFunction) => void
}

export interface SessionFacts {
  name: string
  clientName: string
  /** A person of the company who signed in by OIDC: they see everybody's data, whatever their role. */
  isPerson: boolean
  expiresAt: Date
}

/** `undefined` for a key or session that is unknown or over; rejects where that cannot be found out. */
export type Authenticate = (credential: Credential) => Promise<ApiClient | undefined>

/** For what stays open: who each of them is now, in order. It counts against no limit. */
export type AuthenticateAll = (
  credentials: readonly Credential[],
) => Promise<(ApiClient | undefined)[]>

/**
 * Lets only clients with this scope, or one of these, pass; {@link clientOf} says who it is. No scope implies another.
 */
export function requireScope(
  authenticate: Authenticate,
  ...oneOf: [string, ...string[]]
): RequestHandler {
  return requireScopes(authenticate, oneOf, (has) => oneOf.some(has))
}

/** As {@link requireScope}, for what takes all of these; one after the other would count the request twice. */
export function requireEveryScope(
  authenticate: Authenticate,
  ...allOf: [string, ...string[]]
): RequestHandler {
  return requireScopes(authenticate, allOf, (has) => allOf.every(has), 'and')
}

function requireScopes(
  authenticate: Authenticate,
  scopes: readonly string[],
  mayPass: (has: (scope: string) => boolean) => boolean,
  joined: 'or' | 'and' = 'or',
): RequestHandler {
  return async (req, res, next) => {
    const client = await findClient(authenticate, req)
    if (client.allows && !client.allows(req.ip ?? '')) throw addressRefused()
    if (client.count) applyRate(res, await client.count())
    if (!mayPass((scope) => client.scopes.includes(scope))) throw forbidden(scopes, joined)
    tellClient(res, client)
    client.guard?.(req, res, next)
    next()
  }
}

/** Lets only people pass who have signed in, whatever they may do. */
export function requireSession(authenticate: Authenticate): RequestHandler {
  return async (req, res, next) => {
    const client = await findClient(authenticate, req)
    if (!client.session) throw unauthorized('session')
    if (client.allows && !client.allows(req.ip ?? '')) throw addressRefused()
    tellClient(res, client)
    next()
  }
}

async function findClient(authenticate: Authenticate, req: Request): Promise<ApiClient> {
  const credential = readCredential(req)
  if (credential?.kind === 'session') refuseForeign(req)
  const client = credential && (await authenticate(credential))
  if (!client) throw unauthorized(credential?.kind)
  return client
}

/** Behind {@link requireScope} alone. */
export function clientOf(res: Response): ApiClient {
  // eslint-disable-next-line @typescript-eslint/consistent-type-assertions -- Express's locals are untyped; only tellClient writes this one
  const client = res.locals['client'] as ApiClient | undefined
  if (!client) throw new Error('the route has no requireScope before it')
  return client
}

/** For {@link clientOf}, and for the audit of what this request does. */
export function tellClient(res: Response, client: ApiClient): void {
  res.locals['client'] = client
}

/** A client sees and changes its own alone, unless its key has `admin`, or it is a person; `undefined`: everybody's. */
export function ownerOf({
  clientId,
  scopes,
  session,
}: Pick<ApiClient, 'clientId' | 'scopes' | 'session'>): string | undefined {
  return scopes.includes('admin') || session?.isPerson === true ? undefined : clientId
}

function unauthorized(kind: Credential['kind'] | undefined): HttpProblem {
  switch (kind) {
    case 'key':
      return new HttpProblem('unauthorized', 'The API key is not valid.', {
        headers: { 'www-authenticate': 'Bearer error="invalid_token"' },
      })
    case 'session':
      return new HttpProblem('unauthorized', 'Nobody is signed in, or no longer: sign in.', {
        headers: { 'www-authenticate': 'Bearer' },
      })
    case undefined:
      return new HttpProblem('unauthorized', 'Send an API key: "Authorization: Bearer KEY".', {
        headers: { 'www-authenticate': 'Bearer' },
      })
  }
}

/** It does not say which addresses may: who reads this may have stolen the key. */
export function addressRefused(): HttpProblem {
  return new HttpProblem('address-not-allowed', 'The API key may not be used from this address.')
}

function forbidden(names: readonly string[], joined: 'or' | 'and'): HttpProblem {
  const scopes = names.map((scope) => `"${scope}"`).join(` ${joined} `)
  return new HttpProblem('forbidden', `The API key lacks the scope ${scopes}.`, {
    headers: {
      'www-authenticate': `Bearer error="insufficient_scope", scope="${names.join(' ')}"`,
    },
  })
}
