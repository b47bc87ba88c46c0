import { Router } from 'express'
import { z } from 'zod'
import { PreviewRequest } from '@sms-gateway/contracts/template-preview'
import { RollBackRequest } from '@sms-gateway/contracts/templates'
import type { Db } from '@sms-gateway/db/connect'
import { findSenderSettings } from '@sms-gateway/db/customer-settings'
import { findTemplateVersion, listTemplateVersions } from '@sms-gateway/db/templates'
import type { Template } from '@sms-gateway/domain/template-version'
import { clientOf, requireScope } from '@sms-gateway/service-kit/api-auth'
import { jsonBody } from '@sms-gateway/service-kit/json-body'
import { readPage } from '@sms-gateway/service-kit/page'
import { HttpProblem, parseRequest } from '@sms-gateway/service-kit/problem'
import { answerChange } from './answer-change.ts'
import { previewTemplate } from './preview-template.ts'
import { rollBack } from './template-actions.ts'
import { toDiffResponse, toPreviewResponse, toTemplateResponse } from './template-answers.ts'
import { codeOf, found, noSuchTemplate, subjectOf } from './template-path.ts'
import type { TemplateDeps } from './template-routes.ts'

const TEMPLATE = '/api/v1/sms/templates/:code'
/** PostgreSQL's integer. */
const VersionNumber = z.coerce
  .number()
  .int()
  .min(1)
  .max(2 ** 31 - 1)
const VersionPage = z.object({ cursor: VersionNumber.optional() })

export function templateVersionRoutes(deps: TemplateDeps): Router {
  const { db, authenticate, audited, previewRules } = deps
  const mayRead = requireScope(authenticate, 'read')
  const mayWrite = requireScope(authenticate, 'templates')
  const rollsBack = audited('template.rollback', subjectOf)
  return Router()
    .get(`${TEMPLATE}/versions`, mayRead, async (req, res) => {
      const { limit } = readPage(req.query)
      const { cursor: before } = parseRequest(VersionPage, req.query)
      const versions = await listTemplateVersions(db, codeOf(req), { before, limit: limit + 1 })
      if (versions.length === 0 && before === undefined) throw noSuchTemplate()
      const data = versions.slice(0, limit).map(toTemplateResponse)
      const last = versions.length > limit ? data.at(-1) : undefined
      res.json({ data, next_cursor: last ? String(last.version) : null })
    })
    .get(`${TEMPLATE}/diff`, mayRead, async (req, res) => {
      const before = await findVersion(db, codeOf(req), req.query['from'])
      const after = await findVersion(db, codeOf(req), req.query['to'])
      res.json(toDiffResponse(before, after))
    })
    .post(`${TEMPLATE}/rollback`, mayWrite, rollsBack, jsonBody(), async (req, res) => {
      const { version } = parseRequest(RollBackRequest, req.body)
      const result = await rollBack(db, codeOf(req), version, clientOf(res).keyId)
      res.json(await answerChange(db, result))
    })
    .post(`${TEMPLATE}/preview`, mayRead, jsonBody(), async (req, res) => {
      const request = parseRequest(PreviewRequest, req.body ?? {})
      const { customer_id: customerId = null } = request
      const { clientId } = clientOf(res)
      const { senderName } = await findSenderSettings(db, { clientId, customerId })
      const companyName = senderName ?? previewRules.companyName
      const rules = { ...previewRules, companyName }
      const result = await previewTemplate(db, codeOf(req), request, rules)
      if (result.kind === 'not-found') throw noSuchTemplate()
      if (result.kind === 'missing') throw missing(result.names)
      res.json(toPreviewResponse(codeOf(req), result))
    })
}

async function findVersion(db: Db, code: string, version: unknown): Promise<Template> {
  const parsed = VersionNumber.safeParse(version)
  return found(parsed.success ? await findTemplateVersion(db, code, parsed.data) : undefined)
}

function missing(names: readonly string[]): HttpProblem {
  const errors = names.map((name) => ({
    path: `template_data.${name}`,
    message: 'the template needs it',
  }))
  const detail = `The template needs values that template_data does not give: ${names.join(', ')}.`
  return new HttpProblem('template-variables-missing', detail, { extra: { errors } })
}
