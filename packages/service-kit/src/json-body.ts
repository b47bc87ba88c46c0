import { isUtf8 } from 'node:buffer'
import type { RequestHandler } from 'express'
import { checkJson, needsCheck } from './check-json.ts'
import { HttpProblem } from './problem.ts'
import { hasBody, readBytes } from './read-bytes.ts'

const KIB = 1024

export interface JsonBodyOptions {
  limitBytes?: number
  /** A body that takes longer is refused. */
  limitMs?: number
}

/**
 * Puts the parsed body on `req.body`; leaves it `undefined` where there is none, for the schema to refuse.
 * It takes `application/json` in UTF-8 alone, and nothing that PostgreSQL cannot store as text.
 */
export function jsonBody({
  limitBytes = 256 * KIB,
  limitMs,
}: JsonBodyOptions = {}): RequestHandler {
  return async (req, _res, next) => {
    if (hasBody(req)) {
      requireJson(req.headers['content-type'], req.headers['content-encoding'])
      req.body = parseBody(await readBytes(req, limitBytes, limitMs))
    }
    next()
  }
}

/** Puts the bytes on `req.body` as they came: a signature is over these, not over what they mean. */
export function rawBody(limitBytes: number): RequestHandler {
  return async (req, _res, next) => {
    req.body = hasBody(req) ? await readBytes(req, limitBytes) : Buffer.alloc(0)
    next()
  }
}

const JSON_TYPE = /^application\/json[ \t]*(?:;[ \t]*charset[ \t]*=[ \t]*"?utf-?8"?[ \t]*)?$/i

function requireJson(type: string | undefined, encoding: string | undefined): void {
  if (type !== 'application/json' && !JSON_TYPE.test(type ?? '')) {
    throw new HttpProblem('unsupported-media-type', 'Send application/json in UTF-8.')
  }
  if (encoding !== undefined && encoding !== 'identity') {
    throw new HttpProblem('unsupported-media-type', 'Send the body without a Content-Encoding.')
  }
}

function parseBody(bytes: Buffer): unknown {
  if (!isUtf8(bytes)) throw new HttpProblem('invalid-json', 'The body is not UTF-8.')
  const text = bytes.toString('utf8')
  const value = parseJson(text)
  if (!needsCheck(text)) return value
  const errors = checkJson(value)
  if (errors.length === 0) return value
  throw new HttpProblem('invalid-request', 'The request is not valid: see errors.', {
    extra: { errors },
  })
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // The parser's own message repeats a piece of the body, so it goes no further.
    throw new HttpProblem('invalid-json', 'The body is not JSON.')
  }
}
