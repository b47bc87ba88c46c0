import type { Request, RequestHandler, Response } from 'express'
import type { ApiClient } from './api-auth.ts'
import { createBatcher } from './batcher.ts'
import { isLook } from './is-look.ts'
import { unavailable } from './problem.ts'
import { requestIdOf } from './request-facts.ts'

/** Whom or what it was about: an id of ours, never a text; a number is hashed before it is kept. */
export type AuditSubject = { kind: string; id: string } | { kind: 'recipient'; phone: string }

export interface AuditEntry {
  at: Date
  clientId: string | null
  keyId: string | null
  action: string
  subject: AuditSubject | null
  requestId: string | null
  outcome: string
  /** Not the first of its kind in a while says nothing new: see `isLook`. */
  isLook?: boolean
}

/**
 * Takes what happened and resolves once it is committed. Nothing is left in it when the server is closed: each answer
 * waits for its entry.
 */
export interface AuditTrail {
  add: (entry: AuditEntry) => Promise<void>
}

export interface AuditTrailOptions {
  /** All or none, in this order; looks that are known may be left out. */
  append: (entries: readonly AuditEntry[]) => Promise<void>
  isOutage: (err: unknown) => boolean
}

const BATCH_SIZE = 200
const MAX_WAITING = 5_000
const RETRY_AFTER_SECONDS = 2

/** One commit at a time, for all that came together: the chain has one end anyway. */
export function createAuditTrail({ append, isOutage }: AuditTrailOptions): AuditTrail {
  const batcher = createBatcher<AuditEntry, undefined>({
    maxSize: BATCH_SIZE,
    maxConcurrent: 1,
    maxWaiting: MAX_WAITING,
    isOutage,
    async flush(entries) {
      await append(entries)
      return entries.map(() => undefined)
    },
  })
  return { add: (entry) => batcher.add(entry) }
}

export type SubjectOf = (req: Request) => AuditSubject | null

/**
 * Goes between `requireScope` and a route's handler. Its answer leaves once the audit says who asked for it: 503 where
 * that cannot be written. An answer that comes in pieces does not fit here: {@link recordAudit} goes before its first.
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

/**
 * For an answer that comes in pieces: before its first. Rejects with 503 where it cannot be written: nothing may be
 * answered then.
 */
export async function recordAudit(
  trail: AuditTrail,
  res: Response,
  entry: Pick<AuditEntry, 'action' | 'subject'>,
): Promise<void> {
  await recordOutcome(trail, res, entry)
  await beforeOf.get(res)?.()
}

const beforeOf = new WeakMap<Response, () => Promise<void>>()

/** What else has to be done, and not fail, before an answer in pieces begins. */
export function beforePieces(res: Response, run: () => Promise<void>): void {
  beforeOf.set(res, run)
}

async function recordOutcome(
  trail: AuditTrail,
  res: Response,
  { action, subject, ...look }: Pick<AuditEntry, 'action' | 'subject' | 'isLook'>,
): Promise<void> {
  const { problemCode, auditSubject } = readLocals(res)
  const refused = res.statusCode >= 400
  const outcome = refused ? (problemCode ?? String(res.statusCode)) : 'ok'
  await commitAudit(trail, res, { action, subject: auditSubject ?? subject, outcome, ...look })
}

/** By whoever is asking; rejects with 503 where it cannot be written. */
export async function commitAudit(
  trail: AuditTrail,
  res: Response,
  entry: Pick<AuditEntry, 'action' | 'subject' | 'outcome' | 'isLook'>,
): Promise<void> {
  const { client } = readLocals(res)
  try {
    await trail.add({
      ...entry,
      at: new Date(),
      clientId: client?.clientId ?? null,
      keyId: client?.keyId ?? null,
      requestId: requestIdOf(res),
    })
  } catch (err) {
    const detail = 'The audit cannot be written, so there is no answer: repeat the request.'
    throw unavailable('audit-unavailable', detail, RETRY_AFTER_SECONDS, err)
  }
}

function readLocals(res: Response) {
  // eslint-disable-next-line @typescript-eslint/consistent-type-assertions -- Express's locals are untyped: written by requireScope, problemHandler and tellSubject alone
  return res.locals as {
    client?: ApiClient
    problemCode?: string
    auditSubject?: AuditSubject
  }
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
