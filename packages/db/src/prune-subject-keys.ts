import { sql } from 'kysely'
import type { Db } from './connect.ts'
import { inBatches } from './in-batches.ts'

/** Longer than a writer may take from asking for a key to the commit of what it has sealed. */
const RETIRED_FOR_MS = 3_600_000
const PAGE = 500
const PAGES = 40

export interface SubjectPruning {
  now: Date
  /** A key that is younger stays. */
  before: Date
  /** Where in the order of the hashes this run begins: by chance, so that in time each has its turn. */
  from: Buffer
  signal?: AbortSignal | undefined
}

/**
 * Destroys the keys of people about whom nothing is held any more. A key is retired first, and destroyed an hour later:
 * whoever asks for it in between has it back, so nothing is ever sealed under a key that is about to go. How many went.
 */
export async function pruneSubjectKeys(db: Db, options: SubjectPruning): Promise<number> {
  const before = new Date(options.now.getTime() - RETIRED_FOR_MS)
  const gone = await inBatches((limit) => destroyRetired(db, before, limit), {
    size: PAGE,
    batches: PAGES,
    signal: options.signal,
  })
  await retireUnused(db, options)
  return gone
}

async function destroyRetired(db: Db, before: Date, limit: number): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from subject_key where recipient_hash = any(array(
      select k.recipient_hash from subject_key k where k.retired_at < ${before} and not ${isHeld()}
      order by k.retired_at limit ${limit} for update skip locked))
      and retired_at < ${before}`.execute(db)
  return Number(numAffectedRows ?? 0)
}

async function retireUnused(db: Db, { now, before, from, signal }: SubjectPruning): Promise<void> {
  let [after, wrapped] = [from, false]
  for (let page = 0; page < PAGES && !signal?.aborted; page++) {
    const last = await retirePage(db, { now, before, after, upTo: wrapped ? from : undefined })
    if (!last && wrapped) return
    wrapped ||= !last
    after = last ?? Buffer.alloc(0)
  }
}

/** The last hash it has looked at; `undefined` where none is left. */
async function retirePage(
  db: Db,
  options: { now: Date; before: Date; after: Buffer; upTo: Buffer | undefined },
): Promise<Buffer | undefined> {
  const { now, before, after, upTo } = options
  const { rows } = await sql<{ last: Buffer | null }>`
    with page as (
      select recipient_hash from subject_key
      where recipient_hash > ${after} ${upTo ? sql`and recipient_hash <= ${upTo}` : sql``}
      order by recipient_hash limit ${PAGE}
    ),
    unused as (
      select k.recipient_hash from subject_key k join page on page.recipient_hash = k.recipient_hash
      where k.created_at < ${before} and k.retired_at is null and not ${isHeld()}
      for update of k skip locked
    ),
    retired as (
      update subject_key k set retired_at = ${now} from unused where k.recipient_hash = unused.recipient_hash
    )
    select recipient_hash as last from page order by recipient_hash desc limit 1`.execute(db)
  return rows[0]?.last ?? undefined
}

/** Receipts do not count: theirs go within a month of their messages, and until then tell nobody anything. */
function isHeld() {
  return sql<boolean>`(
    exists (select from message m where m.recipient_hash = k.recipient_hash)
    or exists (select from inbound i where i.sender_hash = k.recipient_hash)
    or exists (select from campaign_recipient r where r.recipient_hash = k.recipient_hash)
    or exists (select from opt_out o where o.recipient_hash = k.recipient_hash)
    or exists (select from consent c where c.recipient_hash = k.recipient_hash)
    or exists (select from permission_event e where e.recipient_hash = k.recipient_hash))`
}
