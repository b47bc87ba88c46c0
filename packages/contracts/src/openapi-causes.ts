import { ProviderName } from '@sms-gateway/domain/provider'
import { FAILED_COLUMNS, FailedResponse } from './failed.ts'
import { json, pathParameter, problems, schemaOf } from './openapi-parts.ts'
import { ProviderHistoryResponse } from './provider-history.ts'

/** The paths that answer what went wrong, and where. */
export function causePaths() {
  return {
    '/sms/providers/{name}/history': { get: historyOperation() },
    '/sms/failed': { get: failedOperation() },
  }
}

export function causeSchemas() {
  return {
    ProviderHistory: schemaOf(ProviderHistoryResponse, 'output'),
    FailedGroups: schemaOf(FailedResponse, 'output'),
  }
}

function historyOperation() {
  return {
    operationId: 'getProviderHistory',
    summary:
      'The health of a provider over time, and what changed of its circuit, with the reasons',
    description: 'Over all dispatchers, by the minute; of more than three hours by 15 minutes.',
    parameters: [
      pathParameter('name', ProviderName.options),
      {
        name: 'minutes',
        in: 'query',
        schema: { type: 'integer', minimum: 1, maximum: 10_080, default: 60 },
      },
    ],
    responses: {
      200: { description: 'Each span of the time', content: json('ProviderHistory') },
      ...problems({
        400: 'No number of minutes, or too many',
        401: 'No valid API key',
        403: 'The key lacks the scopes `read` and `operate`',
        404: 'No such provider',
      }),
    },
  }
}

function failedOperation() {
  const day = { type: 'string', format: 'date' }
  return {
    operationId: 'groupFailed',
    summary: 'Failed messages that nothing was sent in the stead of, by cause',
    description:
      'Own messages alone, unless the key has `admin`; of the newest 10,000. `POST /failed/retry` sends those of a cause again.',
    parameters: [
      {
        name: 'start_date',
        in: 'query',
        schema: day,
        description: 'A day in SMS_TIMEZONE, included',
      },
      {
        name: 'end_date',
        in: 'query',
        schema: day,
        description: 'A day in SMS_TIMEZONE, included',
      },
      {
        name: 'group_by',
        in: 'query',
        schema: { type: 'string', default: 'error_code,provider' },
        description: `One or more of ${FAILED_COLUMNS.join(', ')}, with commas between them`,
      },
    ],
    responses: {
      200: { description: 'The largest groups first', content: json('FailedGroups') },
      ...problems({
        400: 'A date or group that is none',
        401: 'No valid API key',
        403: 'The key lacks the scopes `read` and `operate`',
        503: 'Not now: see Retry-After',
      }),
    },
  }
}
