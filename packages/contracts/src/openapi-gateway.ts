import { GatewayResponse, PauseGatewayRequest, ResumeGatewayRequest } from './gateway.ts'
import { json, problems, schemaOf, withoutScope } from './openapi-parts.ts'

const MAY_OPERATE = {
  ...withoutScope('operate'),
  503: 'Not now: see Retry-After',
}
const FOR_EVERYBODY = {
  ...MAY_OPERATE,
  403: 'The key lacks the scope `operate` or `admin`; people who signed in by OIDC need `operate` alone',
  400: 'Not the schema',
}
const STATE = { 200: { description: 'As it is now', content: json('Gateway') } }

/** The paths under `/sms/gateway`. */
export function gatewayPaths() {
  return {
    '/sms/gateway': {
      get: {
        operationId: 'findGateway',
        summary: 'Whether the gateway sends, since when, and why not',
        responses: { ...STATE, ...problems(MAY_OPERATE) },
      },
    },
    '/sms/gateway/pause': {
      post: {
        operationId: 'pauseGateway',
        summary: 'Let nothing leave until it is resumed',
        description:
          'What is accepted waits. What a dispatcher has in hand may still go, for some seconds. Twice is once.',
        requestBody: { required: true, content: json('PauseGateway') },
        responses: { ...STATE, ...problems(FOR_EVERYBODY) },
      },
    },
    '/sms/gateway/resume': {
      post: {
        operationId: 'resumeGateway',
        summary: 'Go on, in the order of the lanes, as fast as the limits let',
        requestBody: { required: false, content: json('ResumeGateway') },
        responses: { ...STATE, ...problems(FOR_EVERYBODY) },
      },
    },
  }
}

/** The schemas that they name. */
export function gatewaySchemas() {
  return {
    Gateway: schemaOf(GatewayResponse, 'output'),
    PauseGateway: schemaOf(PauseGatewayRequest, 'input'),
    ResumeGateway: schemaOf(ResumeGatewayRequest, 'input'),
  }
}
