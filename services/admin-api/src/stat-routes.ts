import { type Response, Router } from 'express'
import { z } from 'zod'
import { StatsQuery, type StatsResponse, toFigures } from '@sms-gateway/contracts/stats'
import type { Db } from '@sms-gateway/db/connect'
import { listStats, type StatQuery, sumStats } from '@sms-gateway/db/read-stats'
import { isStatKey, type StatGroup } from '@sms-gateway/db/stat-groups'
import type { Vault } from '@sms-gateway/db/vault'
import { addDays, dayOf } from '@sms-gateway/domain/local-days'
import {
  type Authenticate,
  clientOf,
  ownerOf,
  requireScope,
} from '@sms-gateway/service-kit/api-auth'
import { readPage } from '@sms-gateway/service-kit/page'
import { HttpProblem, parseRequest } from '@sms-gateway/service-kit/problem'

export interface StatDeps {
  db: Db
  vault: Vault
  authenticate: Authenticate
  /** `SMS_TIMEZONE`. */
  timeZone: string
  now: () => Date
}

const STATS = '/api/v1/sms/stats'
const DEFAULT_DAYS = 30
/** Of our own making, and as long as the longest customer_id: see {@link toCursor}. */
const Cursor = z.string().regex(/^[\w-]{1,2000}$/)
const CURSOR_CONTEXT = 'stats-cursor'
const CursorKeys = z.array(z.string())

export function statRoutes(deps: StatDeps): Router {
  const mayRead = requireScope(deps.authenticate, 'read')
  return Router().get(STATS, mayRead, async (req, res) => {
    const { limit: _limit, cursor, ...rest } = req.query
    const request = parseRequest(StatsQuery, rest)
    const { limit } = readPage({ limit: req.query['limit'] })
    const after = readCursor(deps.vault, parseRequest(Cursor.optional(), cursor), request.group_by)
    res.json(await readStats(deps, toQuery(deps, request, res), request.group_by, { limit, after }))
  })
}

async function readStats(
  { db, vault }: StatDeps,
  query: StatQuery,
  group: StatGroup,
  { limit, after }: { limit: number; after: readonly string[] | undefined },
): Promise<StatsResponse> {
  const [totals, groups] = await Promise.all([
    sumStats(db, query),
    listStats(db, query, group, { limit: limit + 1, after }),
  ])
  const page = groups.slice(0, limit)
  const last = page.at(-1)
  return {
    start_date: query.firstDay,
    end_date: query.lastDay,
    totals: toFigures(totals),
    data: page.map((each) => ({ group: each.key, ...toFigures(each) })),
    next_cursor: groups.length > limit && last ? toCursor(vault, last.cursor) : null,
  }
}

function toQuery(
  { now, timeZone }: StatDeps,
  { start_date: start, end_date: end }: StatsQuery,
  res: Response,
): StatQuery {
  const today = dayOf(now(), timeZone)
  const lastDay = end ?? (start !== undefined && start > today ? start : today)
  return {
    clientId: ownerOf(clientOf(res)),
    firstDay: start ?? addDays(lastDay, 1 - DEFAULT_DAYS),
    lastDay,
    timeZone,
  }
}

/** Sealed: a customer_id may be a number, which not everybody who pages may read. */
function toCursor(vault: Vault, keys: readonly string[]): string {
  return vault.seal(JSON.stringify(keys), CURSOR_CONTEXT).toString('base64url')
}

function readCursor(
  vault: Vault,
  cursor: string | undefined,
  group: StatGroup,
): readonly string[] | undefined {
  if (cursor === undefined) return undefined
  const keys = CursorKeys.safeParse(openCursor(vault, cursor))
  if (keys.success && isStatKey(group, keys.data)) return keys.data
  throw new HttpProblem('invalid-request', 'The cursor is not one of these pages.', {
    extra: { errors: [{ path: 'cursor', message: 'use next_cursor of the page before' }] },
  })
}

/** `undefined` for what this gateway did not make, or made with a key that is gone. */
function openCursor(vault: Vault, cursor: string): unknown {
  try {
    return JSON.parse(vault.open(Buffer.from(cursor, 'base64url'), CURSOR_CONTEXT))
  } catch {
    return undefined
  }
}
