import { type Request, Router } from 'express'
import {
  ChangeTemplateRequest,
  CreateTemplateRequest,
  PreviewRequest,
  RollBackRequest,
  TemplateCode,
} from '@sms-gateway/contracts/templates'
import type { Db } from '@sms-gateway/db/connect'
import {
  deleteTemplate,
  findTemplate,
  findTemplateVersion,
  listTemplates,
  listTemplateVersions,
} from '@sms-gateway/db/templates'
import type { PreviewRules } from '@sms-gateway/domain/preview-text'
import type { Template } from '@sms-gateway/domain/template-version'
import { type Authenticate, clientOf, requireScope } from '@sms-gateway/service-kit/api-auth'
import { jsonBody } from '@sms-gateway/service-kit/json-body'
import { HttpProblem, parseRequest } from '@sms-gateway/service-kit/problem'
import { readPage } from './page.ts'
import {
  createVariant,
  previewTemplate,
  rollBack,
  type TemplateResult,
  updateVariant,
} from './template-actions.ts'
import { toDiffResponse, toPreviewResponse, toTemplateResponse } from './template-answers.ts'

export interface TemplateDeps {
  db: Db
  authenticate: Authenticate
  previewRules: PreviewRules
  now: () => Date
}

const TEMPLATES = '/api/v1/sms/templates'
const TEMPLATE = `${TEMPLATES}/:code`

export function templateRoutes({ db, authenticate, previewRules, now }: TemplateDeps): Router {
  const mayRead = requireScope(authenticate, 'read')
  const mayWrite = requireScope(authenticate, 'templates')
  return Router()
    .get(TEMPLATES, mayRead, async (req, res) => {
      const { limit, cursor } = readPage(req.query)
      const templates = await listTemplates(db, { after: cursor, limit: limit + 1 })
      const data = templates.slice(0, limit).map(toTemplateResponse)
      res.json({ data, next_cursor: templates.length > limit ? (data.at(-1)?.code ?? null) : null })
    })
    .post(TEMPLATES, mayWrite, jsonBody(), async (req, res) => {
      const request = parseRequest(CreateTemplateRequest, req.body)
      const result = await createVariant(db, request, clientOf(res).keyId)
      res.status(201).json(toTemplateResponse(unwrap(result)))
    })
    .get(TEMPLATE, mayRead, async (req, res) => {
      const template = await findTemplate(db, codeOf(req))
      res.json(toTemplateResponse(found(template)))
    })
    .put(TEMPLATE, mayWrite, jsonBody(), async (req, res) => {
      const request = parseRequest(ChangeTemplateRequest, req.body)
      const result = await updateVariant(db, codeOf(req), request, clientOf(res).keyId)
      res.json(toTemplateResponse(unwrap(result)))
    })
    .delete(TEMPLATE, mayWrite, async (req, res) => {
      if (!(await deleteTemplate(db, codeOf(req), now()))) throw notFound()
      res.status(204).end()
    })
    .get(`${TEMPLATE}/versions`, mayRead, async (req, res) => {
      const versions = await listTemplateVersions(db, codeOf(req))
      if (versions.length === 0) throw notFound()
      res.json({ data: versions.map(toTemplateResponse), next_cursor: null })
    })
    .get(`${TEMPLATE}/diff`, mayRead, async (req, res) => {
      const [from, to] = [req.query['from'], req.query['to']].map(Number)
      const before = await findVersion(db, codeOf(req), from)
      const after = await findVersion(db, codeOf(req), to)
      res.json(toDiffResponse(before, after))
    })
    .post(`${TEMPLATE}/rollback`, mayWrite, jsonBody(), async (req, res) => {
      const { version } = parseRequest(RollBackRequest, req.body)
      const result = await rollBack(db, codeOf(req), version, clientOf(res).keyId)
      res.json(toTemplateResponse(unwrap(result)))
    })
    .post(`${TEMPLATE}/preview`, mayRead, jsonBody(), async (req, res) => {
      const request = parseRequest(PreviewRequest, req.body ?? {})
      const result = await previewTemplate(db, codeOf(req), request, previewRules)
      if (result.kind === 'not-found') throw notFound()
      if (result.kind === 'missing') throw missing(result.names)
      res.json(toPreviewResponse(result.template, result.variant, result.preview))
    })
}

/** What cannot be a code is the code of no template. */
function codeOf(req: Request): string {
  const code = TemplateCode.safeParse(req.params['code'])
  if (!code.success) throw notFound()
  return code.data
}

async function findVersion(db: Db, code: string, version = Number.NaN): Promise<Template> {
  const isVersion = Number.isInteger(version) && version > 0 && version < 2 ** 31
  return found(isVersion ? await findTemplateVersion(db, code, version) : undefined)
}

function found(template: Template | undefined): Template {
  if (!template) throw notFound()
  return template
}

function unwrap(result: TemplateResult): Template {
  switch (result.kind) {
    case 'ok':
      return result.template
    case 'not-found':
      throw notFound()
    case 'variant-exists':
      throw new HttpProblem(
        'template-exists',
        'The template has this variant: change it with PUT, or give another variant.',
      )
  }
}

function notFound(): HttpProblem {
  return new HttpProblem('no-such-template', 'There is no such template, version or variant.')
}

function missing(names: readonly string[]): HttpProblem {
  const errors = names.map((name) => ({
    path: `template_data.${name}`,
    message: 'the template needs it',
  }))
  const detail = `The template needs values that template_data does not give: ${names.join(', ')}.`
  return new HttpProblem('template-variables-missing', detail, { extra: { errors } })
}
