import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  calculatePKCECodeChallenge,
  ClientSecretBasic,
  type Configuration,
  discovery,
  fetchUserInfo,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
} from 'openid-client'
import { readClaim, type Role, roleOfClaim, type RoleValues } from '@sms-gateway/domain/role'
import { toIssuerFailure } from './issuer-failure.ts'
import type { OidcFlow } from './oidc-flow.ts'

export interface OidcConfig {
  issuer: string
  clientId: string
  clientSecret: string
  /** Where people's browsers find the gateway. */
  publicUrl: string
  rolesClaim: string
  roles: RoleValues
}

export interface OidcPersonClaims {
  issuer: string
  subject: string
  name: string
  /** `undefined`: none that is for us. */
  role: Role | undefined
}

export type OidcFailure = 'failed' | 'unavailable'

export interface OidcClient {
  /** Where the browser goes, and what has to be remembered until it is back; or the issuer does not answer. */
  start: () => Promise<{ kind: 'ok'; url: URL; flow: OidcFlow } | { kind: 'unavailable' }>
  finish: (
    query: string,
    flow: OidcFlow,
  ) => Promise<{ kind: 'ok'; person: OidcPersonClaims } | { kind: OidcFailure; reason: string }>
}

const TIMEOUT_SECONDS = 5
/** The issuer's addresses change rarely; its keys are asked for again where one is new. */
const KNOWN_MS = 3_600_000
const SCOPE = 'openid profile email'
const CALLBACK_PATH = '/api/v1/sms/session/oidc/callback'
const MAX_NAME = 100

export function createOidcClient(config: OidcConfig): OidcClient {
  const callback = new URL(CALLBACK_PATH, config.publicUrl)
  const findIssuer = rememberIssuer(() => discover(config))
  return {
    async start() {
      const issuer = await findIssuer().catch(() => undefined)
      if (!issuer) return { kind: 'unavailable' }
      const flow = {
        state: randomState(),
        nonce: randomNonce(),
        verifier: randomPKCECodeVerifier(),
      }
      const url = buildAuthorizationUrl(issuer, {
        redirect_uri: callback.href,
        scope: SCOPE,
        state: flow.state,
        nonce: flow.nonce,
        code_challenge: await calculatePKCECodeChallenge(flow.verifier),
        code_challenge_method: 'S256',
      })
      return { kind: 'ok', url, flow }
    },
    async finish(query, { state, nonce, verifier }) {
      try {
        const issuer = await findIssuer()
        const tokens = await authorizationCodeGrant(issuer, new URL(query, callback), {
          expectedState: state,
          expectedNonce: nonce,
          pkceCodeVerifier: verifier,
          idTokenExpected: true,
        })
        const claims = tokens.claims()
        if (!claims) return { kind: 'failed', reason: 'no id token' }
        const all = await withUserInfo(issuer, config, { claims, token: tokens.access_token })
        return { kind: 'ok', person: toPerson(all, config) }
      } catch (err) {
        return toIssuerFailure(err)
      }
    },
  }
}

function discover({ issuer, clientId, clientSecret }: OidcConfig): Promise<Configuration> {
  const isPlain = issuer.startsWith('http:')
  return discovery(new URL(issuer), clientId, undefined, ClientSecretBasic(clientSecret), {
    timeout: TIMEOUT_SECONDS,
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- deprecated to stand out; the variable takes plain http of this machine alone
    ...(isPlain && { execute: [allowInsecureRequests] }),
  })
}

/** Those who come together ask once; a failure is not kept. */
function rememberIssuer(find: () => Promise<Configuration>): () => Promise<Configuration> {
  let known: { issuer: Promise<Configuration>; until: number } | undefined
  return () => {
    if (known && Date.now() < known.until) return known.issuer
    const issuer = find()
    const asked = { issuer, until: Date.now() + KNOWN_MS }
    known = asked
    issuer.catch(() => {
      if (known === asked) known = undefined
    })
    return issuer
  }
}

type Claims = Readonly<Record<string, unknown>> & { sub: string }

/** Some issuers tell roles and names there alone. */
async function withUserInfo(
  issuer: Configuration,
  { rolesClaim }: OidcConfig,
  { claims, token }: { claims: Claims; token: string },
): Promise<Claims> {
  const { userinfo_endpoint: endpoint } = issuer.serverMetadata()
  if (readClaim(claims, rolesClaim) !== undefined || endpoint === undefined) return claims
  return { ...(await fetchUserInfo(issuer, token, claims.sub)), ...claims }
}

function toPerson(claims: Claims, { issuer, rolesClaim, roles }: OidcConfig): OidcPersonClaims {
  const names = [claims['name'], claims['preferred_username'], claims['email']]
  const name = names.find((each) => typeof each === 'string' && each.trim() !== '')
  return {
    issuer,
    subject: claims.sub,
    name: (typeof name === 'string' ? name : claims.sub).trim().slice(0, MAX_NAME),
    role: roleOfClaim(readClaim(claims, rolesClaim), roles),
  }
}
