import { type RequestHandler, Router } from 'express'
import {
  ChangeTemplateRequest,
  CreateTemplateRequest,
  ReplaceVariantsRequest,
  TemplateFilter,
} from '@sms-gateway/contracts/templates'
import { deleteTemplate } from '@sms-gateway/db/change-template'
import type { Db } from '@sms-gateway/db/connect'
import { findTemplate, listTemplates } from '@sms-gateway/db/templates'
import type { PreviewRules } from '@sms-gateway/domain/preview-text'
import { type Authenticate, clientOf, requireScope } from '@sms-gateway/service-kit/api-auth'
import { type Audited, tellSubject } from '@sms-gateway/service-kit/audited'
import { jsonBody } from '@sms-gateway/service-kit/json-body'
import { readPage } from '@sms-gateway/service-kit/page'
import { parseRequest } from '@sms-gateway/service-kit/problem'
import { answerChange } from './answer-change.ts'
import { createVariant, replaceTemplate, updateVariant } from './template-actions.ts'
import { toTemplateResponse } from './template-answers.ts'
import { codeOf, found, noSuchTemplate, subjectOf } from './template-path.ts'

export interface TemplateDeps {
  db: Db
  authenticate: Authenticate
  audited: Audited
  previewRules: PreviewRules
  now: () => Date
  /** Answers a repeat of a POST under the same `Idempotency-Key` as the first. */
  idempotent: RequestHandler
}

const TEMPLATES = '/api/v1/sms/templates'
const TEMPLATE = `${TEMPLATES}/:code`

export function templateRoutes(deps: TemplateDeps): Router {
  const { db, authenticate, audited, now } = deps
  const mayRead = requireScope(authenticate, 'read')
  const mayWrite = requireScope(authenticate, 'templates')
  const creates = audited('template.create', subjectOf)
  const changes = audited('template.change', subjectOf)
  const deletes = audited('template.delete', subjectOf)
  return Router()
    .get(TEMPLATES, mayRead, async (req, res) => {
      const { limit, cursor } = readPage(req.query)
      const filter = parseRequest(TemplateFilter, req.query)
      const templates = await listTemplates(db, { ...filter, after: cursor, limit: limit + 1 })
      const data = templates.slice(0, limit).map(toTemplateResponse)
      res.json({ data, next_cursor: templates.length > limit ? (data.at(-1)?.code ?? null) : null })
    })
    .post(TEMPLATES, mayWrite, creates, jsonBody(), deps.idempotent, async (req, res) => {
      const request = parseRequest(CreateTemplateRequest, req.body)
      tellSubject(res, { kind: 'template', id: request.code })
      const result = await createVariant(db, request, clientOf(res).keyId)
      res.status(201).json(await answerChange(db, result))
    })
    .get(TEMPLATE, mayRead, async (req, res) => {
      const template = await findTemplate(db, codeOf(req))
      res.json(toTemplateResponse(found(template)))
    })
    .put(TEMPLATE, mayWrite, changes, jsonBody(), async (req, res) => {
      const request = parseRequest(ChangeTemplateRequest, req.body)
      const result = await updateVariant(db, codeOf(req), request, clientOf(res).keyId)
      res.json(await answerChange(db, result))
    })
    .put(`${TEMPLATE}/variants`, mayWrite, changes, jsonBody(), async (req, res) => {
      const request = parseRequest(ReplaceVariantsRequest, req.body)
      const result = await replaceTemplate(db, codeOf(req), request, clientOf(res).keyId)
      res.json(await answerChange(db, result))
    })
    .delete(TEMPLATE, mayWrite, deletes, async (req, res) => {
      if (!(await deleteTemplate(db, codeOf(req), now()))) throw noSuchTemplate()
      res.status(204).end()
    })
}
