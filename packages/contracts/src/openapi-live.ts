import { json, problems, reference, schemaOf, withoutScope } from './openapi-parts.ts'
import { MAX_WATCHED, MessageChange, OverviewResponse, StaleNotice } from './overview.ts'

/** The paths that answer what goes on right now. */
export function livePaths() {
  return {
    '/sms/overview': { get: overviewOperation() },
    '/sms/events': { get: eventsOperation() },
  }
}

export function liveSchemas() {
  return {
    Overview: schemaOf(OverviewResponse, 'output'),
    MessageChange: schemaOf(MessageChange, 'output'),
    StaleNotice: schemaOf(StaleNotice, 'output'),
  }
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
        ...withoutScope('read'),
        503: 'Not now: see Retry-After',
      }),
    },
  }
}

function eventsOperation() {
  const data = ['Overview', 'MessageChange', 'StaleNotice'].map(reference)
  return {
    operationId: 'listenToEvents',
    summary: 'What goes on, as server-sent events: `overview`, `message` and `stale`',
    description:
      'At most one of each a second, when it is not as it was; first everything as it is. With `Last-Event-ID` of the ' +
      'minutes before, only what happened since. `stale` says that nothing new is known; the next `overview` ends it. A ' +
      'reader that is too slow, or whose key is revoked, loses its stream.',
    parameters: [
      {
        name: 'messages',
        in: 'query',
        schema: { type: 'string' },
        description: `Ids of messages to watch, with commas between them, at most ${MAX_WATCHED}; those of others are silent`,
      },
      { name: 'Last-Event-ID', in: 'header', schema: { type: 'string' } },
    ],
    responses: {
      200: {
        description: 'A stream; each event has one of these as its data',
        content: { 'text/event-stream': { schema: { anyOf: data } } },
      },
      ...problems({
        400: 'No ids, or too many',
        ...withoutScope('read'),
        429: 'The key has 20 streams open',
        503: 'More are open than are served: see Retry-After',
      }),
    },
  }
}
