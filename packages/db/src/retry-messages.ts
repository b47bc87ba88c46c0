import { sql } from 'kysely'
import { GATEWAY_PAUSED } from '@sms-gateway/domain/expiry'
import { firstIdAt, MessageId } from '@sms-gateway/domain/ids'
import type { NewMessage } from '@sms-gateway/domain/message'
import type { ProviderName } from '@sms-gateway/domain/provider'
import type { Db } from './connect.ts'
import { insertAffordable } from './insert-affordable.ts'
import type { BudgetsInForce } from './reserve-budgets.ts'
import { BLANK } from './subject.ts'
import type { Vault } from './vault.ts'

/** A message that goes in the stead of `of`. */
export interface Retry {
  of: MessageId
  message: NewMessage
  /** The first may have arrived. */
  possibleDuplicate: boolean
}

export interface InsertedRetries {
  made: Retry[]
  /** Those that no budget has room for: they may be asked for again. */
  unaffordable: number
  /** Those whose budget is being counted: in a few seconds. */
  counting: number
}

/** Stores those whose originals have no retry yet, in one transaction. */
export async function insertRetries(
  db: Db,
  vault: Vault,
  retries: readonly Retry[],
  { now, inForce }: { now: Date; inForce: BudgetsInForce },
): Promise<InsertedRetries> {
  if (retries.length === 0) return { made: [], unaffordable: 0, counting: 0 }
  return db.transaction().execute(async (trx) => {
    const rows = retries
      .map(({ of, message }) => ({ message_id: of, retry_id: message.id, created_at: now }))
      // Two that retry the same messages wait for each other in the same order.
      .sort((a, b) => (a.message_id < b.message_id ? -1 : 1))
    const first = await trx
      .insertInto('message_retry')
      .values(rows)
      .onConflict((oc) => oc.column('message_id').doNothing())
      .returning('retry_id')
      .execute()
    const firsts = new Set(first.map(({ retry_id: id }) => id))
    const mine = retries.filter(({ message }) => firsts.has(message.id))
    const accepted = mine.map(({ message }) => ({ message }))
    const results = await insertAffordable(trx, vault, accepted, { inForce })
    const made = mine.filter((_, index) => results[index] === 'stored')
    await forget(
      trx,
      mine.filter((each) => !made.includes(each)),
    )
    const doubtful = made
      .filter((retry) => retry.possibleDuplicate)
      .map(({ message }) => message.id)
    if (doubtful.length > 0) {
      await sql`update message set possible_duplicate = true where id = any(${doubtful}::uuid[])`.execute(
        trx,
      )
    }
    const counting = results.filter((each) => each === 'counting').length
    return { made, unaffordable: mine.length - made.length - counting, counting }
  })
}

/** As if they had never been asked for. */
async function forget(trx: Db, retries: readonly Retry[]): Promise<void> {
  if (retries.length === 0) return
  const ids = retries.map(({ message }) => message.id)
  await trx.deleteFrom('message_retry').where('retry_id', 'in', ids).execute()
}

export async function findRetry(db: Db, of: MessageId): Promise<MessageId | undefined> {
  const row = await db
    .selectFrom('message_retry')
    .select('retry_id')
    .where('message_id', '=', of)
    .executeTakeFirst()
  return row && MessageId.parse(row.retry_id)
}

export interface FailedFilter {
  clientId?: string | undefined
  errorCode?: string | undefined
  provider?: ProviderName | undefined
  from?: Date | undefined
  before?: Date | undefined
}

/**
 * Failed messages in whose stead none goes yet, oldest first; or those that a pause of the gateway let expire. Not those
 * that a provider has in part, or may have: a person decides about each.
 */
export async function listFailed(
  db: Db,
  filter: FailedFilter,
  limit: number,
): Promise<MessageId[]> {
  const rows = await failed(db, filter).select('id').orderBy('id').limit(limit).execute()
  return rows.map(({ id }) => MessageId.parse(id))
}

export async function countFailed(db: Db, filter: FailedFilter): Promise<number> {
  const { count } = await failed(db, filter)
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  return count
}

function failed(db: Db, { clientId, errorCode, provider, from, before }: FailedFilter) {
  const isPause = errorCode === GATEWAY_PAUSED.code
  return (
    db
      .selectFrom('message')
      // Nobody wants an otp that late.
      .$if(isPause, (query) =>
        query.where('status', '=', 'expired').where('message_type', '<>', 'otp'),
      )
      .$if(!isPause, (query) => query.where('status', '=', 'failed'))
      .where('recipient_cipher', '<>', BLANK)
      .where('possible_duplicate', '=', false)
      .where('pinned_provider', 'is', null)
      .where((eb) =>
        eb.not(
          eb.exists(
            eb
              .selectFrom('message_retry')
              .select('message_retry.retry_id')
              .whereRef('message_retry.message_id', '=', 'message.id'),
          ),
        ),
      )
      .$if(clientId !== undefined, (query) => query.where('client_id', '=', clientId ?? ''))
      .$if(errorCode !== undefined, (query) => query.where('error_code', '=', errorCode ?? ''))
      .$if(provider !== undefined, (query) => query.where('provider', '=', provider ?? null))
      .$if(from !== undefined, (query) => query.where('id', '>=', firstIdAt(from ?? new Date(0))))
      .$if(before !== undefined, (query) =>
        query.where('id', '<', firstIdAt(before ?? new Date(0))),
      )
  )
}
