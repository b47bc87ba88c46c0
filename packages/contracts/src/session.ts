import { z } from 'zod'
import { ROLES } from '@sms-gateway/domain/role'
import { Scope } from './api-keys.ts'

const Moment = z.iso.datetime({ offset: true })

const Role = z.enum(ROLES)

/** `POST /session`. */
export const SignInRequest = z.strictObject({ api_key: z.string().min(1).max(256) })
export type SignInRequest = z.infer<typeof SignInRequest>

/** `DELETE /session`: with `all=true` every session of the key, or the person, ends, and not this one alone. */
export const SignOutQuery = z.strictObject({ all: z.enum(['true', 'false']).default('false') })
export type SignOutQuery = z.infer<typeof SignOutQuery>

/** Who is signed in: the answer of `POST /session` and `GET /session`. */
export const SessionResponse = z.strictObject({
  /** Of the API key, or of the person where they signed in by OIDC. */
  name: z.string(),
  /** Whose messages, callbacks and settings are made by them. */
  client: z.strictObject({ id: z.uuid(), name: z.string() }),
  role: Role,
  scopes: z.array(Scope),
  /** Signed in by OIDC. */
  oidc: z.boolean(),
  /** Whether they see the data of all API clients, or of `client` alone. */
  all_clients: z.boolean(),
  /** Whether `X-Unmask: phone` is for them: an answer with numbers and texts in full, which the audit tells of. */
  may_unmask: z.boolean(),
  /** The session ends then whatever they do, and earlier once it is not used for `idle_seconds`. */
  expires_at: Moment,
  idle_seconds: z.int(),
})
export type SessionResponse = z.infer<typeof SessionResponse>

/**
 * `GET /session/methods`: by what one may sign in, beside an API key. With `oidc` the browser goes to `GET /session/oidc`
 * and comes back signed in at `/`, or at `/?error=` and a {@link SignInError}.
 */
export const SignInMethodsResponse = z.strictObject({ oidc: z.boolean() })
export type SignInMethodsResponse = z.infer<typeof SignInMethodsResponse>

/** Why a sign-in by OIDC came to nothing. */
export const SignInError = z.enum([
  /** The issuer's claim gives none of our roles. */
  'no_role',
  /** Their access was revoked here, in the list of API keys. */
  'revoked',
  /** Begun in another browser, too long ago, or ended already: begin again. */
  'expired',
  /** The issuer refused, or its answer does not hold. */
  'failed',
  /** The issuer does not answer. */
  'unavailable',
])
export type SignInError = z.infer<typeof SignInError>
