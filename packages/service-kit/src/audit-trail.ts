import type { Response } from 'express'
import type { ApiClient } from './api-auth.ts'
import { createBatcher } from './batcher.ts'
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

export async function recordOutcome(
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
