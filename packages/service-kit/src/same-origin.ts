import type { Request } from 'express'
import { HttpProblem } from './problem.ts'

const CONSOLE_HEADER = 'x-sms-console'
const READS: ReadonlySet<string> = new Set(['GET', 'HEAD'])

/**
 * A browser sends its cookie whoever made it ask. What changes something by cookie must bear a header that no form can
 * set and no other site may, and must not say that it comes from elsewhere.
 */
export function refuseForeign(req: Request): void {
  if (READS.has(req.method)) return
  if (req.headers[CONSOLE_HEADER] !== '1') {
    throw foreign('Send the header "X-SMS-Console: 1" with a request by cookie.')
  }
  requireSameOrigin(req)
}

/** Where the browser says from where; one that says nothing passes. */
export function requireSameOrigin(req: Request): void {
  const site = req.headers['sec-fetch-site']
  const { origin } = req.headers
  const isOurs = origin === undefined || isOwnOrigin(req, origin)
  if ((site === undefined || site === 'same-origin') && isOurs) return
  throw foreign('The request comes from a page of another address.')
}

/** The host decides; TLS may end at a proxy before us, so http here may be https there, but never the other way round. */
function isOwnOrigin({ host, secure }: Request, origin: string): boolean {
  if (!URL.canParse(origin)) return false
  const { host: theirs, protocol } = new URL(origin)
  return theirs === host && (protocol === 'https:' || (protocol === 'http:' && !secure))
}

function foreign(detail: string): HttpProblem {
  return new HttpProblem('csrf', detail)
}
