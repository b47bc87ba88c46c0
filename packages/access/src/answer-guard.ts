import type { NextFunction, Request, Response } from 'express'
import { countPhones } from '@sms-gateway/domain/answer-phones'
import { maskAnswer } from '@sms-gateway/domain/mask-answer'
import { maskText } from '@sms-gateway/domain/mask-text'
import { mayUnmask } from '@sms-gateway/domain/role'
import type { ApiClient } from '@sms-gateway/service-kit/api-auth'
import { type AuditTrail, beforePieces, commitAudit } from '@sms-gateway/service-kit/audit-trail'
import { HttpProblem } from '@sms-gateway/service-kit/problem'
import { routeOf } from '@sms-gateway/service-kit/request-facts'

const UNMASK_HEADER = 'x-unmask'

/** What the guarded answers may show now. */
const shownOf = new WeakMap<Response, { masked: boolean }>()

/**
 * An object as this answer may show it, where it is written as something else than JSON: a line of a file, say. The
 * guard itself sees nothing but text there.
 */
export function shownIn(res: Response): <T>(value: T) => T {
  return shownOf.get(res)?.masked === true ? maskAnswer : (value) => value
}

export type AnswerGuard = (
  client: Pick<ApiClient, 'scopes'>,
  exchange: { req: Request; res: Response; next: NextFunction },
) => void

/**
 * Stands between every route and a person's browser: whatever is answered, by whichever route, leaves with numbers and
 * codes masked. With `X-Unmask: phone` it leaves as it is once the audit says so; what comes in pieces does so only
 * where its route records its audit before the first.
 */
export function createAnswerGuard(trail: AuditTrail): AnswerGuard {
  return ({ scopes }, { req, res, next }) => {
    // A route may ask for two scopes, one after the other.
    if (shownOf.has(res)) return
    const wanted = req.headers[UNMASK_HEADER] === 'phone'
    if (wanted && !mayUnmask(scopes)) {
      throw new HttpProblem('forbidden', 'Numbers in full are for operators and admins.')
    }
    const shown = { masked: true }
    shownOf.set(res, shown)
    const record = async (numbers: string) => {
      const subject = { kind: 'route', id: `${routeOf(req)};numbers=${numbers}` }
      await commitAudit(trail, res, { action: 'phone.unmask', subject, outcome: 'ok' })
      shown.masked = false
    }
    if (wanted) beforePieces(res, () => record('all'))
    guard(res, { shown, next, ...(wanted && { record }) })
  }
}

interface Guarding {
  shown: { masked: boolean }
  next: NextFunction
  /** Left out: nothing is to be shown in full. */
  record?: (numbers: string) => Promise<void>
}

function guard(res: Response, { shown, next, record }: Guarding): void {
  const write = res.write.bind(res)
  const end = res.end.bind(res)
  let inPieces = false
  const toText = (chunk: unknown, mask: (text: string) => string) =>
    isText(res) && isBody(chunk) ? mask(toString(chunk)) : chunk

  // eslint-disable-next-line @typescript-eslint/consistent-type-assertions -- one of the overloads of `write`, with the arguments it was called with
  res.write = ((...args: unknown[]) => {
    inPieces = true
    const [chunk, ...rest] = args
    const piece = shown.masked ? toText(chunk, maskText) : chunk
    // eslint-disable-next-line @typescript-eslint/consistent-type-assertions -- as above
    return write(...([piece, ...rest] as Parameters<Response['write']>))
  }) as Response['write']
  // eslint-disable-next-line @typescript-eslint/consistent-type-assertions -- as above
  res.end = ((...args: unknown[]) => {
    res.write = write
    res.end = end
    const [chunk, ...rest] = args
    const finish = (body: unknown) => {
      if (typeof body === 'string' && !res.headersSent && res.hasHeader('content-length')) {
        res.setHeader('content-length', Buffer.byteLength(body))
      }
      // eslint-disable-next-line @typescript-eslint/consistent-type-assertions -- as above
      return end(...([body, ...rest] as Parameters<Response['end']>))
    }
    if (!shown.masked) return finish(chunk)
    if (inPieces || !isJson(res)) return finish(toText(chunk, maskText))
    const answer = isBody(chunk) ? parse(toString(chunk)) : undefined
    if (answer === undefined) return finish(toText(chunk, maskText))
    const numbers = countPhones(answer)
    if (!record || numbers === 0) {
      return finish(toText(chunk, () => JSON.stringify(maskAnswer(answer))))
    }
    record(String(numbers)).then(() => finish(chunk), next)
    return res
  }) as Response['end']
}

/** `undefined` for what is no JSON after all. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Unless it is known to be a picture, a script or the like: those of a page hold nobody's number. */
function isText(res: Response): boolean {
  return !/^(?:image|font)\/|^(?:text|application)\/(?:javascript|css|octet-stream)\b/.test(
    String(res.getHeader('content-type') ?? ''),
  )
}

function isJson(res: Response): boolean {
  return /^application\/(?:problem\+)?json\b/.test(String(res.getHeader('content-type') ?? ''))
}

function isBody(chunk: unknown): chunk is string | Uint8Array {
  return typeof chunk === 'string' || chunk instanceof Uint8Array
}

function toString(chunk: string | Uint8Array): string {
  return typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8')
}
