import {
  ApiKeysResponse,
  CreateApiKeyRequest,
  NewApiKeyResponse,
  RepeatedApiKeyResponse,
  RotateApiKeyRequest,
} from './api-keys.ts'
import {
  IDEMPOTENCY_KEY,
  json,
  PAGE,
  pathParameter,
  problems,
  reference,
  schemaOf,
  withoutScope,
} from './openapi-parts.ts'

const MAY_ADMIN = withoutScope('admin')
const MAY_GIVE = { ...MAY_ADMIN, 403: 'The key lacks the scope `admin`, or one that it would give' }

/** The paths under `/sms/api-keys`. */
export function apiKeyPaths() {
  return {
    '/sms/api-keys': { get: listOperation(), post: createOperation() },
    '/sms/api-keys/{id}': { delete: revokeOperation() },
    '/sms/api-keys/{id}/rotate': { post: rotateOperation() },
  }
}

/** The schemas that they name. */
export function apiKeySchemas() {
  return {
    ApiKeys: schemaOf(ApiKeysResponse, 'output'),
    NewApiKey: schemaOf(NewApiKeyResponse, 'output'),
    RepeatedApiKey: schemaOf(RepeatedApiKeyResponse, 'output'),
    CreateApiKey: schemaOf(CreateApiKeyRequest, 'input'),
    RotateApiKey: schemaOf(RotateApiKeyRequest, 'input'),
  }
}

function listOperation() {
  return {
    operationId: 'listApiKeys',
    summary: 'The API keys, newest first; never the keys themselves',
    parameters: [
      ...PAGE,
      { name: 'client_id', in: 'query', schema: { type: 'string', format: 'uuid' } },
    ],
    responses: {
      200: { description: 'A page', content: json('ApiKeys') },
      ...problems({ 400: 'Not a page', ...MAY_ADMIN }),
    },
  }
}

function createOperation() {
  return {
    operationId: 'createApiKey',
    summary: 'A new key, shown once',
    description:
      'A repeat under the same Idempotency-Key answers the key’s facts with `key: null` and a `note` that says what to do.',
    parameters: [IDEMPOTENCY_KEY],
    requestBody: { required: true, content: json('CreateApiKey') },
    responses: {
      201: {
        description: 'The key; of a repeat, what is known of it',
        content: {
          'application/json': {
            schema: { anyOf: [reference('NewApiKey'), reference('RepeatedApiKey')] },
          },
        },
      },
      ...problems({ 400: 'Not the schema', ...MAY_GIVE, 422: 'It would have expired already' }),
    },
  }
}

function revokeOperation() {
  return {
    operationId: 'revokeApiKey',
    summary: 'End a key, everywhere within 5 s',
    parameters: [pathParameter('id')],
    responses: {
      204: { description: 'Revoked' },
      ...problems({ ...MAY_ADMIN, 404: 'No such key' }),
    },
  }
}

function rotateOperation() {
  return {
    operationId: 'rotateApiKey',
    summary: 'A successor with the same rights, shown once; the old key works on for a while',
    parameters: [pathParameter('id')],
    requestBody: { required: false, content: json('RotateApiKey') },
    responses: {
      201: { description: 'The successor', content: json('NewApiKey') },
      ...problems({
        400: 'Not the schema',
        ...MAY_GIVE,
        404: 'No such key',
        409: 'The key was revoked, or is past its time',
      }),
    },
  }
}
