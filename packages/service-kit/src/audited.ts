import type { Request, RequestHandler, Response } from 'express'
import { type AuditSubject, type AuditTrail, recordOutcome } from './audit-trail.ts'
import { isLook } from './is-look.ts'

export type SubjectOf = (req: Request) => AuditSubject | null

/**
 * Goes between `requireScope` and a route's handler. Its answer leaves once the audit says who asked for it: 503 where
 * that cannot be written. An answer that comes in pieces does not fit here: `recordAudit` goes before its first.
 */
export type Audited = (action: string, subjectOf?: SubjectOf) => RequestHandler

export function createAudited(trail: AuditTrail): Audited {
  return (action, subjectOf) => (req, res, next) => {
    // Now: the path's parameters are gone by the time an error is answered.
    const subject = subjectOf?.(req) ?? null
    const end = res.end.bind(res)
    const write = res.write.bind(res)
    const release = () => {
      res.write = write
      res.end = end
    }
    res.write = () => {
      release()
      throw new Error(`${action}: record the audit before an answer that comes in pieces`)
    }
    // eslint-disable-next-line @typescript-eslint/consistent-type-assertions -- one of the overloads of `end`, with the arguments it was called with
    res.end = ((...args: Parameters<Response['end']>) => {
      release()
      const kept = recordOutcome(trail, res, { action, subject, isLook: isLook(req, res, action) })
      const send = () => end(...args)
      // It gives nothing away, and where the database is away it would wait for it twice.
      if (res.statusCode >= 500) {
        kept.catch(() => undefined)
        return send()
      }
      kept.then(send, next)
      return res
    }) as Response['end']
    next()
  }
}

/** What the handler has found out about whom its answer is, for {@link createAudited}. */
export function tellSubject(res: Response, subject: AuditSubject): void {
  res.locals['auditSubject'] = subject
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** The id in the path; none where that is no id of ours: a caller may put a number there. */
export function subjectFromPath(kind: string, name = 'id'): SubjectOf {
  return (req) => {
    const value = req.params[name]
    const id = typeof value === 'string' ? value.toLowerCase() : ''
    return UUID.test(id) ? { kind, id } : null
  }
}
