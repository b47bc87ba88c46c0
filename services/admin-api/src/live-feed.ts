import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { MessageChange, StaleNotice } from '@sms-gateway/contracts/overview'
import { readWatched, type WatchedMessage } from '@sms-gateway/db/watched-messages'
import { type AuthenticateAll, ownerOf } from '@sms-gateway/service-kit/api-auth'
import { type EventStream, toEvent } from '@sms-gateway/service-kit/event-stream'
import type { Logger } from '@sms-gateway/service-kit/logger'
import { type LiveListener, type LivePage, openPage, overviewKey } from './live-page.ts'
import { createLiveState, type LiveState } from './live-state.ts'
import { seesOperating } from './operators-words.ts'
import { toOverview } from './overview-answers.ts'
import { type OverviewDeps, readFacts } from './overview-facts.ts'

export interface FeedDeps extends OverviewDeps {
  authenticateAll: AuthenticateAll
  logger: Logger
  now: () => Date
  livePace?: LivePace
}

export interface LivePace {
  /** From the start of a round to the start of the next. */
  roundMs: number
  /** A revoked key loses its streams within this and what its lookup takes. */
  recheckMs: number
}

export interface LiveFeed {
  /** From now on the stream gets what happens, until it is closed. */
  attach: (listener: LiveListener, stream: EventStream) => void
  pages: ReadonlySet<LivePage>
}

const PACE: LivePace = { roundMs: 1_000, recheckMs: 4_000 }
const LEAST_PAUSE_MS = 100
/** When the pages are told that the database does not answer. */
const LATE_MS = 3_000

/**
 * What the open pages of this process share: while there is one, a round a second asks the database once for all of
 * them. With none it asks nothing.
 */
export function createLiveFeed(deps: FeedDeps): LiveFeed {
  const { logger, now, livePace: pace = PACE } = deps
  const state = createLiveState(randomBytes(6).toString('hex'))
  const pages = new Set<LivePage>()
  let checkedAt = Number.NEGATIVE_INFINITY
  let knownAt = now()
  let staleSince: Date | undefined

  const becomeStale = () => {
    if (staleSince) return
    staleSince = knownAt
    for (const { stream } of pages) stream.send(toStale(staleSince))
  }

  const runRound = async () => {
    const late = setTimeout(becomeStale, LATE_MS)
    try {
      const at = performance.now()
      if (at - checkedAt >= pace.recheckMs) {
        await dismiss(deps, [...pages])
        checkedAt = at
      }
      await readRound(deps, state, { pages: [...pages], anew: () => staleSince !== undefined })
      if (staleSince) logger.info({ since: staleSince }, 'live again')
      staleSince = undefined
      knownAt = now()
      for (const page of pages) page.catchUp()
    } catch (err) {
      if (!staleSince) logger.error({ err }, 'nothing new for the open pages')
      becomeStale()
    } finally {
      clearTimeout(late)
    }
  }

  const beat = createBeat(() => pages.size > 0, runRound, pace.roundMs)
  return {
    pages,
    attach(listener, stream) {
      const page = openPage(listener, stream, state)
      pages.add(page)
      stream.onClose(() => pages.delete(page))
      if (staleSince) stream.send(toStale(staleSince))
      // What the others have just been told need not be asked again.
      else if (beat.isGoing()) page.catchUp()
      else knownAt = now()
      beat.start()
    },
  }
}

/** Round after round while one is needed, each so long after the one before began. `runRound` never rejects. */
function createBeat(isNeeded: () => boolean, runRound: () => Promise<void>, roundMs: number) {
  let isGoing = false
  let startedAt = Number.NEGATIVE_INFINITY
  const go = async () => {
    while (isNeeded()) {
      const pause = startedAt + roundMs - performance.now()
      if (pause > 0) await sleep(Math.max(pause, LEAST_PAUSE_MS), undefined, { ref: false })
      startedAt = performance.now()
      await runRound()
    }
    isGoing = false
  }
  return {
    isGoing: () => isGoing,
    start() {
      if (isGoing) return
      isGoing = true
      void go()
    },
  }
}

/** Asks for all of them at once, and keeps what came out. */
async function readRound(
  deps: FeedDeps,
  state: LiveState,
  { pages, anew }: { pages: readonly LivePage[]; anew: () => boolean },
): Promise<void> {
  const owners = new Set(pages.map(({ owner }) => owner))
  const ids = [...new Set(pages.flatMap(({ messages }) => messages))]
  const facts = await readFacts(deps, owners, deps.now())
  const messages = ids.length > 0 ? await readWatched(deps.db, ids) : []
  state.begin(performance.now())
  const viewers = new Map(pages.map((page) => [overviewKey(page), page]))
  for (const [key, viewer] of viewers) {
    const data = toOverview(facts, viewer)
    const print = JSON.stringify({ ...data, at: null })
    const change = { key, name: 'overview', clientId: null, data, print }
    state.tell(change, anew())
  }
  for (const message of messages) {
    const data = toChange(message)
    const { id: key, clientId, attemptNumber } = message
    // An attempt that is opened changes nothing else of it.
    const print = JSON.stringify([data, attemptNumber])
    state.tell({ key, name: 'message', clientId, data, print }, false)
  }
}

/** Ends the streams of those who may not have them any more, or see something else now: they may come again. */
async function dismiss({ authenticateAll }: FeedDeps, pages: readonly LivePage[]): Promise<void> {
  const clients = await authenticateAll(pages.map(({ credential }) => credential))
  for (const [index, { owner, operates, address, stream }] of pages.entries()) {
    const client = clients[index]
    const mayStay =
      client?.scopes.includes('read') === true &&
      client.allows?.(address) !== false &&
      (ownerOf(client) ?? null) === owner &&
      seesOperating(client) === operates
    if (!mayStay) stream.end()
  }
}

function toChange({ id, status, inDoubt, attempts, updatedAt }: WatchedMessage): MessageChange {
  return { id, status, in_doubt: inDoubt, attempts, updated_at: updatedAt.toISOString() }
}

function toStale(since: Date): string {
  const notice: StaleNotice = { since: since.toISOString() }
  return toEvent({ name: 'stale', data: JSON.stringify(notice) })
}
