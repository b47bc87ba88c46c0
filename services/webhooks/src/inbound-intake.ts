import type { Db } from '@sms-gateway/db/connect'
import type { NewInbound } from '@sms-gateway/db/inbound'
import { insertInbound } from '@sms-gateway/db/inbound'
import type { Vault } from '@sms-gateway/db/vault'
import { createBatcher, OverloadedError } from '@sms-gateway/service-kit/batcher'
import type { Logger } from '@sms-gateway/service-kit/logger'
import { unavailable } from '@sms-gateway/service-kit/problem'
import { withTimeLimit } from '@sms-gateway/service-kit/time-limit'
import { isAway, watchDatabase } from './database-watch.ts'
import { startReplaying } from './replay-job.ts'
import type { Spool } from './spool.ts'

export interface InboundIntakeDeps {
  db: Db
  vault: Vault
  logger: Logger
  spool: Spool<NewInbound>
  /** Something was committed, and can be applied. */
  onKept: () => void
}

export interface InboundIntake {
  /** Resolves when the text is committed, or on the disk while the database is away; it is applied later. */
  keep(inbound: NewInbound): Promise<void>
  close(): Promise<void>
}

const BATCH_SIZE = 100
const MAX_WAITING = 10_000
/** As for receipts: the provider waits for the answer. */
const KEEP_LIMIT_MS = 2_500
const INSERT_LIMIT_MS = 2_000
const REPLAY_LIMIT_MS = 10_000
const RETRY_AFTER_SECONDS = 5

export function createInboundIntake({
  db,
  vault,
  logger,
  spool,
  onKept,
}: InboundIntakeDeps): InboundIntake {
  const database = watchDatabase(db, logger)
  const insert = async (entries: readonly NewInbound[], limitMs: number) => {
    await database.run(limitMs, () => insertInbound(db, vault, entries))
    onKept()
  }
  const keeping = createBatcher<NewInbound, undefined>({
    maxSize: BATCH_SIZE,
    maxConcurrent: 2,
    maxWaiting: MAX_WAITING,
    isOutage: isAway,
    async flush(entries) {
      await insert(entries, INSERT_LIMIT_MS)
      return entries.map(() => undefined)
    },
  })
  const replaying = startReplaying({
    what: 'inbound texts',
    spool,
    database,
    logger,
    insert: (entries) => insert(entries, REPLAY_LIMIT_MS),
  })
  return {
    async keep(inbound) {
      if (!database.isAway()) {
        try {
          await withTimeLimit(KEEP_LIMIT_MS, () => keeping.add(inbound))
          return
        } catch (err) {
          if (!isAway(err) && !(err instanceof OverloadedError)) throw err
        }
      }
      await spool.append([inbound]).catch(refuse)
    },
    async close() {
      await replaying.stop()
      await keeping.close()
      await spool.close()
    },
  }
}

/** The provider is to send it again. */
function refuse(cause: unknown): never {
  const detail = 'The text can be kept neither in the database nor on the disk: send it again.'
  throw unavailable('database-unavailable', detail, RETRY_AFTER_SECONDS, cause)
}
