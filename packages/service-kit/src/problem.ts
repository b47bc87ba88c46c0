import type { ErrorRequestHandler, RequestHandler } from 'express'
import type { z } from 'zod'
import { type FieldError, toFieldErrors } from './field-errors.ts'
import type { Logger } from './logger.ts'
import { type ProblemCode, PROBLEMS, type UnavailableCode } from './problem-codes.ts'
import { requestIdOf, routeOf } from './request-facts.ts'

export interface ProblemOptions {
  /** More members of the answer, `errors` among them. */
  extra?: { errors?: readonly FieldError[] } & Record<string, unknown>
  headers?: Readonly<Record<string, string>>
  cause?: unknown
}

/** The HTTP caller gets this as RFC 9457 problem+json, whoever throws it; see {@link problemHandler}. */
export class HttpProblem extends Error {
  override readonly name = 'HttpProblem'
  readonly code: ProblemCode
  readonly status: number
  readonly detail: string
  readonly extra: NonNullable<ProblemOptions['extra']>
  readonly headers: Readonly<Record<string, string>>

  constructor(code: ProblemCode, detail: string, options: ProblemOptions = {}) {
    super(detail, { cause: options.cause })
    this.code = code
    this.status = PROBLEMS[code].status
    this.detail = detail
    this.extra = options.extra ?? {}
    this.headers = options.headers ?? {}
  }
}

/** A dependency is away: the caller is told when to come again. */
export function unavailable(
  code: UnavailableCode,
  detail: string,
  retryAfterSeconds: number,
  cause?: unknown,
): HttpProblem {
  const headers = { 'retry-after': String(Math.max(1, Math.ceil(retryAfterSeconds))) }
  return new HttpProblem(code, detail, { headers, cause })
}

/** Throws 400 `invalid-request`, which names every wrong field and repeats no value. */
export function parseRequest<Schema extends z.ZodType>(
  schema: Schema,
  input: unknown,
): z.output<Schema> {
  const parsed = schema.safeParse(input)
  if (parsed.success) return parsed.data
  throw new HttpProblem('invalid-request', 'The request is not valid: see errors.', {
    extra: { errors: toFieldErrors(parsed.error.issues) },
  })
}

export const notFoundHandler: RequestHandler = () => {
  throw new HttpProblem('route-not-found', 'There is no such route.')
}

/** The last handler of every app. */
export function problemHandler(logger: Logger): ErrorRequestHandler {
  // Express knows an error handler by its four parameters.
  return (error: unknown, req, res, _next) => {
    const problem = toProblem(error)
    const { code, status, detail, extra, headers } = problem
    // A plain refusal is in the access log: one line a request, however many are refused.
    const facts = { requestId: requestIdOf(res), method: req.method, route: routeOf(req), code }
    if (status === 500) logger.error({ ...facts, err: error }, 'request failed')
    else if (problem.cause !== undefined) logger.warn({ ...facts, err: problem.cause }, 'refused')
    if (res.headersSent) {
      // Half an answer is out: cutting the connection is the only way left to say that it is not whole.
      res.destroy()
      return
    }
    res.locals['problemCode'] = code
    res.status(status).set(headers).type('application/problem+json')
    res.json({
      ...extra,
      type: `/docs/errors.md#${code}`,
      title: PROBLEMS[code].title,
      status,
      ...(status !== 500 && { detail }),
      code,
    })
  }
}

function toProblem(error: unknown): HttpProblem {
  if (error instanceof HttpProblem) return error
  const { name, type, status } = readForeignError(error)
  if (type === 'entity.too.large') {
    return new HttpProblem('body-too-large', 'The body is larger than this route takes.')
  }
  if (type !== undefined && UNREADABLE_BODY.has(type)) {
    return new HttpProblem('invalid-json', 'The body cannot be read as JSON in UTF-8.')
  }
  if (name === 'URIError') {
    return new HttpProblem('invalid-request', 'The path holds a broken percent-encoding.')
  }
  // What Express and its parsers blame on the caller; their messages may repeat what was sent.
  if (status !== undefined && status >= 400 && status < 500) {
    return new HttpProblem('invalid-request', 'The request cannot be read.')
  }
  return new HttpProblem('internal-error', 'Internal error.', { cause: error })
}

/** `type` of the errors of Express's body parsers. */
const UNREADABLE_BODY: ReadonlySet<string> = new Set([
  'entity.parse.failed',
  'encoding.unsupported',
  'charset.unsupported',
])

/** Structural, because errors of Express, of Node and of another realm share no class with us. */
function readForeignError(error: unknown): { name?: unknown; type?: string; status?: number } {
  if (typeof error !== 'object' || error === null) return {}
  return {
    ...('name' in error && { name: error.name }),
    ...('type' in error && typeof error.type === 'string' && { type: error.type }),
    ...('status' in error &&
      'expose' in error &&
      error.expose === true &&
      typeof error.status === 'number' && { status: error.status }),
  }
}
