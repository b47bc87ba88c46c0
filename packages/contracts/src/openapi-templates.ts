import {
  IDEMPOTENCY_KEY,
  json,
  PAGE,
  pathParameter,
  problems,
  schemaOf,
  withoutScope,
} from './openapi-parts.ts'
import {
  ChangeTemplateRequest,
  CreateTemplateRequest,
  ReplaceVariantsRequest,
  TemplateResponse,
  TemplatesResponse,
} from './templates.ts'

const MAY_READ = withoutScope('read')
const MAY_WRITE = withoutScope('templates')
const NOT_FOUND = { 404: 'No such template, version or variant' }

/** The paths under `/sms/templates`. */
export function templatePaths() {
  return {
    '/sms/templates': { get: listOperation(), post: createOperation() },
    '/sms/templates/{code}': {
      get: findOperation(),
      put: changeOperation(),
      delete: deleteOperation(),
    },
    '/sms/templates/{code}/variants': { put: replaceOperation() },
  }
}

/** The schemas that they name. */
export function templateSchemas() {
  return {
    Template: schemaOf(TemplateResponse, 'output'),
    Templates: schemaOf(TemplatesResponse, 'output'),
    CreateTemplate: schemaOf(CreateTemplateRequest, 'input'),
    ChangeTemplate: schemaOf(ChangeTemplateRequest, 'input'),
    ReplaceVariants: schemaOf(ReplaceVariantsRequest, 'input'),
  }
}

function listOperation() {
  return {
    operationId: 'listTemplates',
    summary: 'Templates by code',
    parameters: [
      ...PAGE,
      {
        name: 'search',
        in: 'query',
        description: 'In the code or the name',
        schema: { type: 'string', maxLength: 100 },
      },
      {
        name: 'active',
        in: 'query',
        description: 'Whether a message could have it',
        schema: { type: 'boolean' },
      },
    ],
    responses: {
      200: { description: 'A page', content: json('Templates') },
      ...problems({ 400: 'Not a page', ...MAY_READ }),
    },
  }
}

function createOperation() {
  return {
    operationId: 'createTemplate',
    summary: 'A new template, or one more variant of it',
    parameters: [IDEMPOTENCY_KEY],
    requestBody: { required: true, content: json('CreateTemplate') },
    responses: {
      201: { description: 'The new version', content: json('Template') },
      ...problems({ 400: 'Not the schema', ...MAY_WRITE, 409: 'The template has this variant' }),
    },
  }
}

function findOperation() {
  return {
    operationId: 'getTemplate',
    summary: 'A template as it is in force',
    parameters: [pathParameter('code')],
    responses: {
      200: { description: 'A template as it is in force', content: json('Template') },
      ...problems({ ...MAY_READ, ...NOT_FOUND }),
    },
  }
}

function changeOperation() {
  return {
    operationId: 'changeTemplate',
    summary: 'Change a variant, in a new version',
    parameters: [pathParameter('code')],
    requestBody: { required: true, content: json('ChangeTemplate') },
    responses: {
      200: { description: 'The new version', content: json('Template') },
      ...problems({ 400: 'Not the schema', ...MAY_WRITE, ...NOT_FOUND }),
    },
  }
}

function replaceOperation() {
  return {
    operationId: 'replaceTemplateVariants',
    summary: 'All of a template at once, in one new version',
    description: '`version` is the one that it came of, 0 for a new template.',
    parameters: [pathParameter('code')],
    requestBody: { required: true, content: json('ReplaceVariants') },
    responses: {
      200: { description: 'The new version', content: json('Template') },
      ...problems({
        400: 'Not the schema',
        ...MAY_WRITE,
        ...NOT_FOUND,
        409: 'Another version is in force by now',
      }),
    },
  }
}

function deleteOperation() {
  return {
    operationId: 'deleteTemplate',
    summary: 'Take a template out of use; messages keep the version that made them',
    parameters: [pathParameter('code')],
    responses: {
      204: { description: 'Out of use' },
      ...problems({ ...MAY_WRITE, ...NOT_FOUND }),
    },
  }
}
