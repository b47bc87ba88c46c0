import { z } from 'zod'

const Moment = z.iso.datetime({ offset: true })
const DAY_SECONDS = 86_400
const MAX_OVERLAP_DAYS = 7
const MAX_RATE = 1_000_000

export const Scope = z.enum(['send', 'read', 'templates', 'operate', 'privacy', 'admin'])
export type Scope = z.infer<typeof Scope>

const Name = z.string().trim().min(1).max(100)
const Address = z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()], {
  error: 'use an address, or a network such as 192.0.2.0/24 or 2001:db8::/32',
})

/** `POST /api-keys`. */
export const CreateApiKeyRequest = z.strictObject({
  name: Name,
  /** Whose key it is; a client of this name is made where there is none. */
  client_name: Name,
  scopes: z
    .array(Scope)
    .min(1)
    .max(Scope.options.length)
    .refine((scopes) => new Set(scopes).size === scopes.length, { error: 'name each scope once' }),
  expires_at: Moment.transform((text) => new Date(text)).optional(),
  /** None: it may be used from everywhere. */
  allowed_addresses: z.array(Address).max(100).default([]),
  /** Left out: it has no limit of its own. */
  rate_per_minute: z.int().min(1).max(MAX_RATE).optional(),
})
export type CreateApiKeyRequest = z.output<typeof CreateApiKeyRequest>

/** `POST /api-keys/:id/rotate`. */
export const RotateApiKeyRequest = z.strictObject({
  /** For so long the old key works on. */
  overlap_seconds: z
    .int()
    .min(0)
    .max(MAX_OVERLAP_DAYS * DAY_SECONDS)
    .default(DAY_SECONDS),
})

export const ApiKeyResponse = z.strictObject({
  id: z.uuid(),
  client: z.strictObject({ id: z.uuid(), name: z.string() }),
  name: z.string(),
  /** By which people tell keys apart. */
  prefix: z.string(),
  scopes: z.array(z.string()),
  allowed_addresses: z.array(z.string()),
  rate_per_minute: z.int().nullable(),
  rotated_from: z.uuid().nullable(),
  created_at: Moment,
  expires_at: Moment.nullable(),
  revoked_at: Moment.nullable(),
  /** To the minute. */
  last_used_at: Moment.nullable(),
})
export type ApiKeyResponse = z.infer<typeof ApiKeyResponse>

export const NewApiKeyResponse = ApiKeyResponse.extend({
  /** Shown in this answer and never again: only its hash is kept. */
  key: z.string(),
})
/** What a repeat under the same `Idempotency-Key` is answered. */
export const RepeatedApiKeyResponse = ApiKeyResponse.extend({ key: z.null(), note: z.string() })
export type NewApiKeyResponse = z.infer<typeof NewApiKeyResponse>

export const ApiKeysResponse = z.strictObject({
  data: z.array(ApiKeyResponse),
  next_cursor: z.string().nullable(),
})
export type ApiKeysResponse = z.infer<typeof ApiKeysResponse>
