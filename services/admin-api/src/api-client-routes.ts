import { Router } from 'express'
import { z } from 'zod'
import { type ApiClientResponse, ApiClientSetting } from '@sms-gateway/contracts/api-clients'
import { type ApiClientView, listApiClients, setSenderName } from '@sms-gateway/db/api-clients'
import { requireScope } from '@sms-gateway/service-kit/api-auth'
import { subjectFromPath } from '@sms-gateway/service-kit/audited'
import { jsonBody } from '@sms-gateway/service-kit/json-body'
import { readPage } from '@sms-gateway/service-kit/page'
import { HttpProblem, parseRequest } from '@sms-gateway/service-kit/problem'
import type { ApiKeyDeps } from './api-key-routes.ts'

const CLIENTS = '/api/v1/sms/api-clients'

export function apiClientRoutes({ db, authenticate, audited }: ApiKeyDeps): Router {
  const mayAdmin = requireScope(authenticate, 'admin')
  const changes = audited('api-client.change', subjectFromPath('api-client'))
  return Router()
    .get(CLIENTS, mayAdmin, async (req, res) => {
      const { limit, cursor } = readPage(req.query)
      const after = cursor === undefined ? undefined : parseRequest(z.uuid(), cursor)
      const clients = await listApiClients(db, { after, limit: limit + 1 })
      const data = clients.slice(0, limit).map(toResponse)
      res.json({ data, next_cursor: clients.length > limit ? (data.at(-1)?.id ?? null) : null })
    })
    .put(`${CLIENTS}/:id`, mayAdmin, changes, jsonBody(), async (req, res) => {
      const { sender_name: senderName } = parseRequest(ApiClientSetting, req.body)
      const id = z.uuid().safeParse(req.params['id'])
      const client = id.success ? await setSenderName(db, id.data, senderName) : undefined
      if (!client) throw new HttpProblem('api-client-not-found', 'There is no such API client.')
      res.json(toResponse(client))
    })
}

function toResponse({ id, name, senderName, createdAt }: ApiClientView): ApiClientResponse {
  return { id, name, sender_name: senderName, created_at: createdAt.toISOString() }
}
