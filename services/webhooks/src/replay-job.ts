import type { Logger } from '@sms-gateway/service-kit/logger'
import { startRepeating } from '@sms-gateway/service-kit/repeat'
import type { DatabaseWatch } from './database-watch.ts'
import { isAway } from './database-watch.ts'
import type { Spool } from './spool.ts'
import type { InsertEntries } from './spool-replay.ts'

export interface ReplayJobDeps<T> {
  /** What is replayed, in the plural. */
  what: string
  spool: Spool<T>
  database: DatabaseWatch
  insert: InsertEntries<T>
  logger: Logger
}

const EVERY_MS = 1_000
/** A spool that is full is replayed in several runs. */
const RUN_LIMIT_MS = 60_000

/** Replays the spool at start and whenever the database answers again. */
export function startReplaying<T>({ what, spool, database, insert, logger }: ReplayJobDeps<T>): {
  stop(): Promise<void>
} {
  const stopping = new AbortController()
  const run = async (limit: AbortSignal) => {
    if (!database.isAway() && (await spool.size()).files === 0) return
    if (!(await database.ask())) return
    const signal = AbortSignal.any([limit, stopping.signal])
    try {
      const count = await spool.replay(async (entries) => {
        signal.throwIfAborted()
        await insert(entries)
      })
      if (count > 0) logger.info({ count }, `${what} replayed from the spool`)
    } catch (err) {
      // Nothing is lost: the next run, or the next process, begins at the segment where this one stopped.
      if (!signal.aborted && !isAway(err)) throw err
    }
  }
  const repeating = startRepeating({
    name: `replay ${what}`,
    everyMs: EVERY_MS,
    limitMs: RUN_LIMIT_MS,
    run,
    logger,
  })
  return {
    async stop() {
      stopping.abort()
      await repeating.stop()
    },
  }
}
