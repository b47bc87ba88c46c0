import { type Request, type RequestHandler, type Response, Router } from 'express'
import { z } from 'zod'
import {
  type ApiKeyResponse,
  type ApiKeysResponse,
  CreateApiKeyRequest,
  type NewApiKeyResponse,
  RotateApiKeyRequest,
} from '@sms-gateway/contracts/api-keys'
import { createApiKey } from '@sms-gateway/db/api-keys'
import type { Db } from '@sms-gateway/db/connect'
import {
  type ApiKeyView,
  findApiKey,
  insertApiKey,
  listApiKeys,
  revokeApiKey,
} from '@sms-gateway/db/manage-api-keys'
import { rotateApiKey } from '@sms-gateway/db/rotate-api-key'
import { type Authenticate, clientOf, requireScope } from '@sms-gateway/service-kit/api-auth'
import { type Audited, subjectFromPath, tellSubject } from '@sms-gateway/service-kit/audited'
import { jsonBody } from '@sms-gateway/service-kit/json-body'
import { readPage } from '@sms-gateway/service-kit/page'
import { HttpProblem, parseRequest } from '@sms-gateway/service-kit/problem'

export interface ApiKeyDeps {
  db: Db
  authenticate: Authenticate
  audited: Audited
  now: () => Date
  /** As other POSTs, but a repeat is not shown the key a second time. */
  idempotentSecret: RequestHandler
}

const KEYS = '/api/v1/sms/api-keys'
const Filter = z.object({ client_id: z.uuid().optional() })

export function apiKeyRoutes(deps: ApiKeyDeps): Router {
  const { db, authenticate, audited, now } = deps
  const mayAdmin = requireScope(authenticate, 'admin')
  const creates = audited('api-key.create')
  const revokes = audited('api-key.revoke', subjectFromPath('api-key'))
  const rotates = audited('api-key.rotate', subjectFromPath('api-key'))
  return Router()
    .get(KEYS, mayAdmin, async (req, res) => {
      const { limit, cursor } = readPage(req.query)
      const { client_id: clientId } = parseRequest(Filter, req.query)
      const before = cursor === undefined ? undefined : parseRequest(z.uuid(), cursor)
      const keys = await listApiKeys(db, { clientId, before, limit: limit + 1 })
      const data = keys.slice(0, limit).map(toResponse)
      const last = keys.length > limit ? data.at(-1) : undefined
      res.json({ data, next_cursor: last?.id ?? null } satisfies ApiKeysResponse)
    })
    .post(KEYS, mayAdmin, creates, jsonBody(), deps.idempotentSecret, (req, res) =>
      create(deps, req, res),
    )
    .delete(`${KEYS}/:id`, mayAdmin, revokes, async (req, res) => {
      const { id } = await getKey(db, req)
      await revokeApiKey(db, id, now())
      res.status(204).end()
    })
    .post(`${KEYS}/:id/rotate`, mayAdmin, rotates, jsonBody(), (req, res) => rotate(deps, req, res))
}

async function create({ db, now }: ApiKeyDeps, req: Request, res: Response): Promise<void> {
  const request = parseRequest(CreateApiKeyRequest, req.body)
  requireToHold(res, request.scopes)
  if (request.expires_at && request.expires_at <= now()) {
    throw new HttpProblem('expires-in-past', 'expires_at has passed: give a moment to come.')
  }
  const key = createApiKey()
  const view = await insertApiKey(db, {
    key,
    clientName: request.client_name,
    name: request.name,
    scopes: request.scopes,
    allowedAddresses: request.allowed_addresses,
    ratePerMinute: request.rate_per_minute ?? null,
    expiresAt: request.expires_at ?? null,
  })
  tellSubject(res, { kind: 'api-key', id: view.id })
  res.status(201).json({ ...toResponse(view), key } satisfies NewApiKeyResponse)
}

async function rotate({ db, now }: ApiKeyDeps, req: Request, res: Response): Promise<void> {
  const { overlap_seconds: overlap } = parseRequest(RotateApiKeyRequest, req.body ?? {})
  const { id, scopes } = await getKey(db, req)
  requireToHold(res, scopes)
  const key = createApiKey()
  const at = now()
  const endOldAt = new Date(at.getTime() + overlap * 1_000)
  const rotation = await rotateApiKey(db, { id, key, endOldAt, now: at })
  switch (rotation.kind) {
    case 'ok':
      res.status(201).json({ ...toResponse(rotation.key), key } satisfies NewApiKeyResponse)
      return
    case 'not-found':
      throw notFound()
    case 'not-active':
      throw new HttpProblem(
        'api-key-not-active',
        "The key was revoked, is past its time, or stands for a person's sign-ins: make a new one.",
      )
  }
}

/** Nobody gives what they do not have: else `admin` would be every scope. */
function requireToHold(res: Response, scopes: readonly string[]): void {
  const own = clientOf(res).scopes
  const lacking = scopes.filter((scope) => !own.includes(scope))
  if (lacking.length === 0) return
  const names = lacking.map((scope) => `"${scope}"`).join(', ')
  throw new HttpProblem('forbidden', `The API key lacks ${names}, so it cannot give it.`)
}

/** What cannot be an id is the id of no key. */
async function getKey(db: Db, req: Request): Promise<ApiKeyView> {
  const id = z.uuid().safeParse(req.params['id'])
  const key = id.success ? await findApiKey(db, id.data) : undefined
  if (!key) throw notFound()
  return key
}

function notFound(): HttpProblem {
  return new HttpProblem('api-key-not-found', 'There is no such API key.')
}

function toResponse(view: ApiKeyView): ApiKeyResponse {
  return {
    id: view.id,
    client: view.client,
    name: view.name,
    prefix: view.prefix,
    scopes: [...view.scopes],
    allowed_addresses: [...view.allowedAddresses],
    rate_per_minute: view.ratePerMinute,
    rotated_from: view.rotatedFrom,
    created_at: view.createdAt.toISOString(),
    expires_at: view.expiresAt?.toISOString() ?? null,
    revoked_at: view.revokedAt?.toISOString() ?? null,
    last_used_at: view.lastUsedAt?.toISOString() ?? null,
  }
}
