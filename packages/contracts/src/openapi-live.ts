import { json, problems, schemaOf } from './openapi-parts.ts'
import { OverviewResponse } from './overview.ts'

/** The paths that answer what goes on right now. */
export function livePaths() {
  return { '/sms/overview': { get: overviewOperation() } }
}

export function liveSchemas() {
  return { Overview: schemaOf(OverviewResponse, 'output') }
}

function overviewOperation() {
  return {
    operationId: 'getOverview',
    summary:
      'What goes on: the last hour by the minute, lanes, what is held, providers, budgets, today',
    description:
      'Own messages and budgets alone, unless the key has `admin`; lanes and providers are the same for all. At most 2 s behind.',
    responses: {
      200: { description: 'As it is now', content: json('Overview') },
      ...problems({
        401: 'No valid API key',
        403: 'The key lacks the scope `read`',
        503: 'Not now: see Retry-After',
      }),
    },
  }
}
