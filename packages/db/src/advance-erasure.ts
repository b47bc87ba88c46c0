import { sql } from 'kysely'
import type { Db } from './connect.ts'
import { blankRecipients } from './erase-campaigns.ts'
import { blankInbound } from './erase-inbound.ts'
import { blankMessages, blankSubmitted, hasOpenSubmission, stopMessages } from './erase-messages.ts'
import { erasePermissions } from './erase-permissions.ts'
import { type Erasure, toErasure } from './erasures.ts'

export interface ErasureStep {
  now: Date
  /** Rows a statement. */
  limit: number
}

/**
 * What was being committed when the key was destroyed may turn up this much later: a statement lasts 30 s at most, and
 * the clocks of the processes may differ.
 */
const CLOSE_AFTER_SECONDS = 120

/**
 * Blanks a batch of what an erased person has left. Safe to run twice, by several at once, and after a crash in its
 * middle: each looks for what is left. `erasedAt` says that nothing is; only after a while no more is looked for.
 */
export async function advanceErasure(
  db: Db,
  erasure: Erasure,
  { now, limit }: ErasureStep,
): Promise<Erasure> {
  const cancelled = await stopMessages(db, erasure, now)
  const submitted = await blankSubmitted(db, erasure)
  const { messages, looked } = await blankMessages(db, erasure, limit)
  const inbound = await blankInbound(db, erasure, limit)
  const recipients = await blankRecipients(db, erasure, limit)
  await erasePermissions(db, erasure)
  const isBusy =
    [looked, inbound, recipients].includes(limit) || (await hasOpenSubmission(db, erasure))
  return keepProgress(db, erasure, { cancelled, messages: messages + submitted, inbound, isBusy })
}

interface Progress {
  cancelled: number
  messages: number
  inbound: number
  isBusy: boolean
}

/** By the database's clock, as `requested_at` is. */
async function keepProgress(
  db: Db,
  { id }: Erasure,
  { cancelled, messages, inbound, isBusy }: Progress,
): Promise<Erasure> {
  const row = await db
    .updateTable('erasure')
    .set((eb) => ({
      cancelled: eb('cancelled', '+', cancelled),
      messages: eb('messages', '+', messages),
      inbound: eb('inbound', '+', inbound),
    }))
    .$if(!isBusy, (query) =>
      query.set({
        erased_at: sql<Date>`coalesce(erased_at, now())`,
        closed_at: sql<Date | null>`case when requested_at < now() - make_interval(secs => ${CLOSE_AFTER_SECONDS})
          then coalesce(closed_at, now()) end`,
      }),
    )
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow()
  return toErasure(row)
}
