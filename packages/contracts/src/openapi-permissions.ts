import { ConsentRequest, ConsentResponse, ConsentsResponse } from './consents.ts'
import { json, PAGE, pathParameter, problems, schemaOf } from './openapi-parts.ts'
import { ImportResponse, OptOutRequest, OptOutResponse, OptOutsResponse } from './opt-outs.ts'

const SCOPES = 'The key lacks the scopes `operate` and `privacy`'
const NO_ACCESS = { 401: 'No valid API key', 403: SCOPES }
const CSV = { 'text/csv': { schema: { type: 'string' } } }

/** Opt-outs and consents: the paths under `/sms/opt-outs` and `/sms/consents`. */
export function permissionPaths() {
  return {
    '/sms/opt-outs': { get: listOptOuts() },
    '/sms/opt-outs/export': { get: exportOf('exportOptOuts', 'All opt-outs, as CSV') },
    '/sms/opt-outs/import': { post: importOf('importOptOuts', 'Opt-outs from a CSV file') },
    '/sms/opt-outs/{phone}': { put: putOptOut(), delete: liftOptOut() },
    '/sms/consents/export': { get: exportOf('exportConsents', 'All consents, as CSV') },
    '/sms/consents/import': { post: importOf('importConsents', 'Consents from a CSV file') },
    '/sms/consents/{phone}': { get: findConsents(), put: putConsent() },
  }
}

/** The schemas that they name. */
export function permissionSchemas() {
  return {
    OptOut: schemaOf(OptOutResponse, 'output'),
    OptOuts: schemaOf(OptOutsResponse, 'output'),
    PutOptOut: schemaOf(OptOutRequest, 'input'),
    Consent: schemaOf(ConsentResponse, 'output'),
    Consents: schemaOf(ConsentsResponse, 'output'),
    PutConsent: schemaOf(ConsentRequest, 'input'),
    Import: schemaOf(ImportResponse, 'output'),
  }
}

function kindAndChannel() {
  return [
    { name: 'kind', in: 'query', schema: { type: 'string', enum: ['marketing', 'all'] } },
    { name: 'channel', in: 'query', schema: { type: 'string', enum: ['sms'] } },
  ]
}

function listOptOuts() {
  return {
    operationId: 'listOptOuts',
    summary: 'Opt-outs, newest first',
    parameters: [
      ...PAGE,
      ...kindAndChannel(),
      { name: 'source', in: 'query', schema: { type: 'string' } },
    ],
    responses: {
      200: { description: 'A page', content: json('OptOuts') },
      ...problems({ 400: 'Not a page, or not a filter', ...NO_ACCESS }),
    },
  }
}

function putOptOut() {
  return {
    operationId: 'putOptOut',
    summary: 'Opt a number out; one that is out stays as it came first',
    parameters: [pathParameter('phone')],
    requestBody: { required: false, content: json('PutOptOut') },
    responses: {
      200: { description: 'The opt-out', content: json('OptOut') },
      ...problems({ 400: 'Not the schema', ...NO_ACCESS, 422: 'Not a number' }),
    },
  }
}

function liftOptOut() {
  return {
    operationId: 'liftOptOut',
    summary: 'Take a number off the list, of one kind: `all` unless `kind` says otherwise',
    parameters: [pathParameter('phone'), ...kindAndChannel()],
    responses: {
      204: { description: 'It is off the list' },
      ...problems({
        400: 'Not a kind, or not a channel',
        ...NO_ACCESS,
        404: 'The number is not opted out of this kind',
        422: 'Not a number',
      }),
    },
  }
}

function findConsents() {
  return {
    operationId: 'getConsents',
    summary: 'What a person agreed to and refused, and the history of it',
    parameters: [pathParameter('phone'), ...PAGE],
    responses: {
      200: { description: 'What stands, and a page of the history', content: json('Consents') },
      ...problems({ 400: 'Not a page', ...NO_ACCESS, 422: 'Not a number' }),
    },
  }
}

function putConsent() {
  return {
    operationId: 'putConsent',
    summary: 'Record what a person agreed to, or revoked',
    parameters: [pathParameter('phone')],
    requestBody: { required: true, content: json('PutConsent') },
    responses: {
      200: { description: 'The consent as it stands', content: json('Consent') },
      ...problems({ 400: 'Not the schema', ...NO_ACCESS, 422: 'Not a number' }),
    },
  }
}

function exportOf(operationId: string, summary: string) {
  return {
    operationId,
    summary,
    responses: {
      200: { description: 'UTF-8 with a BOM, formulas neutralised', content: CSV },
      ...problems(NO_ACCESS),
    },
  }
}

function importOf(operationId: string, summary: string) {
  return {
    operationId,
    summary,
    description:
      'The first row names the columns, as the export does. A bad row is told with its number and spoils no other. Safe to repeat.',
    requestBody: { required: true, content: CSV },
    responses: {
      200: { description: 'What became of the rows', content: json('Import') },
      ...problems({
        400: 'No row with the names of the columns',
        ...NO_ACCESS,
        413: 'Over 64 MiB',
        415: 'Not text/csv',
      }),
    },
  }
}
