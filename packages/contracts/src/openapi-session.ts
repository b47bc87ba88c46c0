import { json, problems, schemaOf } from './openapi-parts.ts'
import { SessionResponse, SignInMethodsResponse, SignInRequest } from './session.ts'

const NOBODY = { 401: 'Nobody is signed in', 403: 'Not from this address, or page' }

export function sessionSchemas() {
  return {
    SignIn: schemaOf(SignInRequest, 'input'),
    Session: schemaOf(SessionResponse, 'output'),
    SignInMethods: schemaOf(SignInMethodsResponse, 'output'),
  }
}

/** The paths under `/sms/session`. */
export function sessionPaths() {
  return {
    '/sms/session': { post: signInOperation(), get: findOperation(), delete: signOutOperation() },
    '/sms/session/methods': { get: listMethodsOperation() },
    '/sms/session/oidc': { get: startOperation() },
    '/sms/session/oidc/callback': { get: callbackOperation() },
  }
}

function signInOperation() {
  return {
    operationId: 'signIn',
    summary: 'Sign in at the operators’ page by an API key',
    description:
      'The answer sets the cookie `sms_session`: HttpOnly, SameSite=Strict, Secure where the page is https. A key has 20 sessions; of more the oldest end.',
    security: [],
    requestBody: { required: true, content: json('SignIn') },
    responses: {
      200: { description: 'Signed in', content: json('Session') },
      ...problems({
        400: 'Not JSON, or not the schema',
        401: 'No valid API key',
        403: 'Not from this address, or page',
        429: 'Too many wrong keys from this address: see Retry-After',
      }),
    },
  }
}

function findOperation() {
  return {
    operationId: 'getSession',
    summary: 'Who is signed in',
    responses: {
      200: { description: 'They', content: json('Session') },
      ...problems(NOBODY),
    },
  }
}

function signOutOperation() {
  return {
    operationId: 'signOut',
    summary: 'Sign out',
    parameters: [
      {
        name: 'all',
        in: 'query',
        description: '`true`: every session of the key, or the person, ends',
        schema: { type: 'string', enum: ['true', 'false'], default: 'false' },
      },
    ],
    responses: {
      204: { description: 'Signed out: everywhere within 5 s' },
      ...problems({ ...NOBODY, 400: 'Not the schema' }),
    },
  }
}

function listMethodsOperation() {
  return {
    operationId: 'listSignInMethods',
    summary: 'By what one may sign in, beside an API key',
    security: [],
    responses: {
      200: { description: 'The ways', content: json('SignInMethods') },
    },
  }
}

function startOperation() {
  return {
    operationId: 'signInByOidc',
    summary: 'Send the browser to the issuer',
    security: [],
    responses: {
      303: {
        description: 'To the issuer; a browser that cannot go there, to the page with an error',
      },
      ...problems({
        404: 'No issuer is set',
        503: 'The issuer does not answer: see Retry-After',
      }),
    },
  }
}

function callbackOperation() {
  return {
    operationId: 'endSignInByOidc',
    summary: 'Where the issuer sends the browser back to',
    description:
      'Signed in, the answer sets the cookie and goes to `/`; else it goes to `/?error=`.',
    security: [],
    responses: {
      303: { description: 'To the page' },
      ...problems({
        404: 'No issuer is set',
        429: 'Too many wrong ones from this address: see Retry-After',
        503: 'The issuer does not answer: see Retry-After',
      }),
    },
  }
}
