import { MESSAGE_STATUSES } from '@sms-gateway/domain/message-status'
import { ProviderName } from '@sms-gateway/domain/provider'
import { LogsResponse } from './logs.ts'
import { json, problems, schemaOf, withoutScope } from './openapi-parts.ts'
import { STAT_GROUPS, StatsResponse } from './stats.ts'

/** The paths that answer what was sent and what became of it. */
export function figurePaths() {
  return { '/sms/logs': { get: logsOperation() }, '/sms/stats': { get: statsOperation() } }
}

export function figureSchemas() {
  return {
    Logs: schemaOf(LogsResponse, 'output'),
    Stats: schemaOf(StatsResponse, 'output'),
  }
}

const DAY = { type: 'string', format: 'date' }
const TEXT = { type: 'string' }
const UUID = { type: 'string', format: 'uuid' }

const DATES = [
  inQuery('start_date', DAY, 'A day in SMS_TIMEZONE, included'),
  inQuery('end_date', DAY, 'A day in SMS_TIMEZONE, included'),
]
const PAGE = [
  inQuery('limit', { type: 'integer', minimum: 1, default: 50 }, 'Over 500 is 500'),
  inQuery('cursor', TEXT, 'next_cursor of the page before'),
]
const REFUSALS = {
  400: 'A filter, date or page that is none',
  ...withoutScope('read'),
}

function logsOperation() {
  return {
    operationId: 'listMessages',
    summary: 'Messages, newest first, as pages of JSON or all of them as CSV',
    description:
      'Own messages alone, unless the key has `admin`. `Accept: text/csv` or `format=csv` streams all that match; a ' +
      'text that a spreadsheet would take for a formula has an apostrophe before it. Of a message in doubt `doubt` says ' +
      'since when, and when its provider is asked again.',
    parameters: [
      ...DATES,
      inQuery('status', { type: 'string', enum: MESSAGE_STATUSES }),
      inQuery('hold_reason', TEXT, 'Such as fraud-check, of those that are held'),
      inQuery('provider', { type: 'string', enum: ProviderName.options }),
      inQuery('phone', TEXT, 'As in POST /send; write + as %2B'),
      ...['message_type', 'template_code', 'customer_id'].map((name) => inQuery(name, TEXT)),
      ...['campaign_id', 'batch_id'].map((name) => inQuery(name, UUID)),
      inQuery('in_doubt', { type: 'boolean' }),
      inQuery('format', { type: 'string', enum: ['json', 'csv'] }, 'Goes before Accept'),
      ...PAGE,
    ],
    responses: {
      200: {
        description: 'A page, or the file',
        content: { ...json('Logs'), 'text/csv': { schema: TEXT } },
      },
      ...problems(REFUSALS),
    },
  }
}

function statsOperation() {
  return {
    operationId: 'getStats',
    summary: 'What was sent and what became of it, by one thing',
    description:
      'Own messages alone, unless the key has `admin`; by the time of their acceptance. At most 2 s behind. Days and ' +
      'hours come newest first, the rest by name. Without dates, the last 30 days.',
    parameters: [
      ...DATES,
      inQuery('group_by', { type: 'string', enum: STAT_GROUPS, default: 'day' }),
      ...PAGE,
    ],
    responses: {
      200: { description: 'A page, and the totals of all', content: json('Stats') },
      ...problems(REFUSALS),
    },
  }
}

function inQuery(name: string, schema: Record<string, unknown>, description?: string) {
  return { name, in: 'query', schema, ...(description !== undefined && { description }) }
}
