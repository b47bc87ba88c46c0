import { AuditResponse } from './audit.ts'
import { json, problems, schemaOf } from './openapi-parts.ts'

export function auditPaths() {
  return { '/sms/audit': { get: listAuditOperation() } }
}

/** The schemas that they name. */
export function auditSchemas() {
  return {
    Audit: schemaOf(AuditResponse, 'output'),
  }
}

function listAuditOperation() {
  const texts = ['client_id', 'key_id', 'action', 'subject', 'phone', 'outcome', 'cursor']
  const moments = ['since', 'until']
  return {
    operationId: 'listAudit',
    summary: 'Who read or changed what, when; newest first',
    parameters: [
      { name: 'limit', in: 'query', schema: { type: 'integer', minimum: 1, default: 50 } },
      ...texts.map((name) => ({ name, in: 'query', schema: { type: 'string' } })),
      ...moments.map((name) => ({
        name,
        in: 'query',
        schema: { type: 'string', format: 'date-time' },
      })),
    ],
    responses: {
      200: { description: 'A page', content: json('Audit') },
      ...problems({
        400: 'Not a page, or not a filter',
        401: 'No valid API key',
        403: 'The key lacks the scopes `admin` and `privacy`',
        422: 'Not a number',
        503: 'The audit cannot be written: see Retry-After',
      }),
    },
  }
}
