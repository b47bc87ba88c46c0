/**
 * Every problem an answer can name, with its status and title. Codes are stable and never used again for
 * something else: `docs/errors.md` explains each, and a test holds the two together.
 */
export const PROBLEMS = {
  'invalid-json': { status: 400, title: 'The body is not JSON' },
  'invalid-request': { status: 400, title: 'The request is not valid' },
  unauthorized: { status: 401, title: 'No valid API key' },
  forbidden: { status: 403, title: 'The API key lacks a scope' },
  'address-not-allowed': { status: 403, title: 'Not from this address' },
  'signature-invalid': { status: 403, title: 'The signature is not valid' },
  'route-not-found': { status: 404, title: 'No such route' },
  'message-not-found': { status: 404, title: 'No such message' },
  'api-key-not-found': { status: 404, title: 'No such API key' },
  'api-client-not-found': { status: 404, title: 'No such API client' },
  'inbound-not-found': { status: 404, title: 'Nothing to answer' },
  'keyword-answer-not-found': { status: 404, title: 'The word has no answer' },
  'provider-not-found': { status: 404, title: 'No such provider, or no such action' },
  'no-such-template': { status: 404, title: 'No such template, version or variant' },
  'experiment-not-found': { status: 404, title: 'The template was never tested' },
  'callback-not-found': { status: 404, title: 'No such callback' },
  'opt-out-not-found': { status: 404, title: 'The number is not opted out' },
  'method-not-allowed': { status: 405, title: 'The route does not take this method' },
  'idempotency-key-reused': {
    status: 409,
    title: 'The idempotency key belongs to another request',
  },
  'idempotency-in-progress': { status: 409, title: 'The same request is being worked on' },
  'message-not-cancellable': { status: 409, title: 'The message can no longer be cancelled' },
  'message-not-retriable': { status: 409, title: 'The message cannot be sent again' },
  'message-not-resolvable': { status: 409, title: 'The message is not in doubt' },
  'api-key-not-active': { status: 409, title: 'The API key is no longer valid' },
  'template-exists': { status: 409, title: 'The template has this variant' },
  'experiment-running': { status: 409, title: 'The template is being tested' },
  'experiment-over': { status: 409, title: 'The test is over' },
  'experiment-undecided': { status: 409, title: 'The test has no winner' },
  'callback-disabled': { status: 409, title: 'The callback is disabled' },
  'too-many-callbacks': { status: 409, title: 'The client has as many callbacks as it may' },
  'body-too-large': { status: 413, title: 'The body is too large' },
  'unsupported-media-type': { status: 415, title: 'The body is of another media type' },
  'phone-invalid': { status: 422, title: 'Not a mobile number' },
  'country-not-allowed': { status: 422, title: 'The country is not allowed' },
  'opt-out-link-not-set': { status: 422, title: 'No address for opt-out links' },
  'schedule-in-past': { status: 422, title: 'The time to send has passed' },
  'expires-in-past': { status: 422, title: 'The message expires before its time to go' },
  'text-too-long': { status: 422, title: 'The text is too long' },
  'text-empty': { status: 422, title: 'The text is empty' },
  'callback-url-not-allowed': { status: 422, title: 'No address for a callback' },
  'keyword-invalid': { status: 422, title: 'Not a word' },
  'keyword-reserved': { status: 422, title: 'A word that says the same for everybody' },
  'time-zone-unknown': { status: 422, title: 'Not a time zone' },
  'template-variables-missing': { status: 422, title: 'Values for the template are missing' },
  'experiment-impossible': { status: 422, title: 'There is nothing to test' },
  'template-not-found': { status: 422, title: 'No such template' },
  'channel-not-supported': { status: 422, title: 'The channel is not supported' },
  'too-many-requests': { status: 429, title: 'Too many requests' },
  'internal-error': { status: 500, title: 'Internal error' },
  'sending-disabled': { status: 503, title: 'Sending is switched off' },
  'database-unavailable': { status: 503, title: 'The database does not answer' },
  'audit-unavailable': { status: 503, title: 'The audit cannot be written' },
  overloaded: { status: 503, title: 'Too much to do at once' },
} as const

export type ProblemCode = keyof typeof PROBLEMS

/** The codes that say "not now": they always come with `Retry-After`. */
export type UnavailableCode = {
  [Code in ProblemCode]: (typeof PROBLEMS)[Code]['status'] extends 503 ? Code : never
}[ProblemCode]
