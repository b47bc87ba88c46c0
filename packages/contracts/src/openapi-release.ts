import { json, messageIdParameter, problems, schemaOf, withoutScope } from './openapi-parts.ts'
import { ReleaseHeldRequest, ReleaseHeldResponse } from './release.ts'

const MAY_OPERATE = {
  ...withoutScope('operate'),
  503: 'Not now: see Retry-After',
}

export function releasePaths() {
  return {
    '/sms/messages/{id}/release': {
      post: {
        operationId: 'releaseMessage',
        summary: 'Let a message go that is held for a fraud check',
        parameters: [messageIdParameter()],
        responses: {
          200: { description: 'The message', content: json('Message') },
          ...problems({ ...MAY_OPERATE, 404: 'No such message', 409: 'Not held for a check' }),
        },
      },
    },
    '/sms/held/release': {
      post: {
        operationId: 'releaseHeld',
        summary: 'Let all go that are held for a fraud check',
        description:
          'With `dry_run` it only counts. One call takes 1,000 messages, the oldest first.',
        requestBody: { required: true, content: json('ReleaseHeld') },
        responses: {
          200: { description: 'How many', content: json('ReleaseHeldResult') },
          ...problems({ ...MAY_OPERATE, 400: 'Not JSON, or not the schema' }),
        },
      },
    },
  }
}

/** The schemas that they name. */
export function releaseSchemas() {
  return {
    ReleaseHeld: schemaOf(ReleaseHeldRequest, 'input'),
    ReleaseHeldResult: schemaOf(ReleaseHeldResponse, 'output'),
  }
}
