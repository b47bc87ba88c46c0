import { json, PAGE, pathParameter, problems, schemaOf, withoutScope } from './openapi-parts.ts'
import { RollBackRequest, TemplateDiffResponse } from './templates.ts'

const MAY_READ = withoutScope('read')
const MAY_WRITE = withoutScope('templates')
const NOT_FOUND = { 404: 'No such template, version or variant' }

/** The paths of what a template was. */
export function templateVersionPaths() {
  return {
    '/sms/templates/{code}/versions': { get: listVersionsOperation() },
    '/sms/templates/{code}/diff': { get: diffOperation() },
    '/sms/templates/{code}/rollback': { post: rollBackOperation() },
  }
}

/** The schemas that they name. */
export function templateVersionSchemas() {
  return {
    TemplateDiff: schemaOf(TemplateDiffResponse, 'output'),
    RollBack: schemaOf(RollBackRequest, 'input'),
  }
}

function listVersionsOperation() {
  return {
    operationId: 'listTemplateVersions',
    summary: 'Versions of a template, newest first',
    parameters: [pathParameter('code'), ...PAGE],
    responses: {
      200: { description: 'A page', content: json('Templates') },
      ...problems({ 400: 'Not a page', ...MAY_READ, ...NOT_FOUND }),
    },
  }
}

function diffOperation() {
  const version = { type: 'integer', minimum: 1 }
  return {
    operationId: 'diffTemplate',
    summary: 'What differs from one version to another',
    parameters: [
      pathParameter('code'),
      { name: 'from', in: 'query', required: true, schema: version },
      { name: 'to', in: 'query', required: true, schema: version },
    ],
    responses: {
      200: { description: 'Field by field', content: json('TemplateDiff') },
      ...problems({ ...MAY_READ, ...NOT_FOUND }),
    },
  }
}

function rollBackOperation() {
  return {
    operationId: 'rollBackTemplate',
    summary: 'A new version that reads as an old one',
    parameters: [pathParameter('code')],
    requestBody: { required: true, content: json('RollBack') },
    responses: {
      200: { description: 'The new version', content: json('Template') },
      ...problems({ 400: 'Not the schema', ...MAY_WRITE, ...NOT_FOUND }),
    },
  }
}
