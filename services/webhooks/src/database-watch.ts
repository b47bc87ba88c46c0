import type { Db } from '@sms-gateway/db/connect'
import { isOutage, pingDatabase } from '@sms-gateway/db/readiness'
import type { Logger } from '@sms-gateway/service-kit/logger'
import { TimeLimitError, withTimeLimit } from '@sms-gateway/service-kit/time-limit'

/** Whether PostgreSQL answers, so that only the first receipts of an outage wait to find out. */
export interface DatabaseWatch {
  isAway(): boolean
  /** Rejects at once while it is away. What is over its limit runs on, so it must be safe to repeat. */
  run<T>(limitMs: number, work: () => Promise<T>): Promise<T>
  /** Only an answer to this ends an outage. */
  ask(): Promise<boolean>
}

const ASK_LIMIT_MS = 2_000

export function watchDatabase(db: Db, logger: Logger): DatabaseWatch {
  let away = false
  let asking: Promise<boolean> | undefined

  // One question at a time: on a dead connection it takes half a minute to fail, and the pool is small.
  const startAsking = async () => {
    try {
      await pingDatabase(db)
      return true
    } catch {
      return false
    } finally {
      asking = undefined
    }
  }
  const noteOutage = (err: unknown) => {
    if (away) return
    away = true
    logger.warn({ err }, 'database away: receipts are spooled')
  }
  return {
    isAway: () => away,
    async run(limitMs, work) {
      if (away) throw new DatabaseAwayError()
      try {
        return await withTimeLimit(limitMs, work)
      } catch (err) {
        if (isAway(err)) noteOutage(err)
        throw err
      }
    },
    async ask() {
      const question = (asking ??= startAsking())
      const answers = await withTimeLimit(ASK_LIMIT_MS, () => question).catch(() => false)
      if (answers && away) {
        away = false
        logger.info('database answers again')
      }
      return answers
    },
  }
}

/** The receipts are not to blame: also a server without room, or one that only reads, takes them later. */
export function isAway(err: unknown): boolean {
  if (err instanceof TimeLimitError || err instanceof DatabaseAwayError || isOutage(err)) {
    return true
  }
  return err instanceof Error && 'code' in err && NO_SERVICE.test(String(err.code))
}

/** Class 53: insufficient resources; 58: system error; 25006: read-only. */
const NO_SERVICE = /^(?:5[38]...|25006)$/

class DatabaseAwayError extends Error {
  override readonly name = 'DatabaseAwayError'

  constructor() {
    super('the database did not answer a moment ago')
  }
}
