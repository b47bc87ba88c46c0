import type { OverviewResponse } from '@sms-gateway/contracts/overview'
import { type FilledBudget, listFullest } from '@sms-gateway/db/live-budgets'
import {
  type LiveCount,
  type LiveDay,
  type LiveMinute,
  readDay,
  readMinutes,
  readNextHeld,
  readOldest,
  readStates,
} from '@sms-gateway/db/read-live'
import { LANES } from '@sms-gateway/domain/lane'
import { dayOf } from '@sms-gateway/domain/local-days'
import { type ListDeps, readProviders } from './list-providers.ts'

export interface OverviewDeps extends ListDeps {
  /** `SMS_TIMEZONE`: whose day today is. */
  timeZone: string
}

/** A client that sees its own alone; null sees everybody's. */
export type Owner = string | null

/** Who looks. */
export interface Viewer {
  owner: Owner
  /** Whether it is shown what is the operators' alone: see `seesOperating`. */
  operates: boolean
}

export const OVERVIEW_MINUTES = 60
const MINUTE_MS = 60_000
/** Of each client, and of what is shown. */
export const MOST_BUDGETS = 20

/** What is asked of the database for one look, whoever is looking: the same questions, and as many, for one and for all. */
export interface OverviewFacts {
  now: Date
  minutes: readonly LiveMinute[]
  counts: readonly LiveCount[]
  days: readonly LiveDay[]
  oldest: ReadonlyMap<string, Date>
  nextHeld: ReadonlyMap<string, Date>
  budgets: readonly FilledBudget[]
  providers: OverviewResponse['providers']
}

export async function readFacts(
  deps: OverviewDeps,
  owners: Iterable<Owner>,
  now: Date,
): Promise<OverviewFacts> {
  const { db, timeZone } = deps
  const clientIds = [...owners].filter((owner) => owner !== null)
  const day = dayOf(now, timeZone)
  const since = new Date(startOfMinute(now) - (OVERVIEW_MINUTES - 1) * MINUTE_MS)
  // One after the other: who looks takes one connection from those who work.
  return {
    now,
    minutes: await readMinutes(db, clientIds, since),
    counts: await readStates(db, clientIds),
    days: await readDay(db, clientIds, day),
    oldest: await readOldest(db, LANES, now),
    nextHeld: await readNextHeld(db),
    budgets: await listFullest(db, { day, limit: MOST_BUDGETS }),
    providers: await readProviders(deps, now),
  }
}

function startOfMinute(at: Date): number {
  return Math.floor(at.getTime() / MINUTE_MS) * MINUTE_MS
}
