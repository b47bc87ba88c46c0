import { sql } from 'kysely'
import { firstIdAt, type MessageId } from '@sms-gateway/domain/ids'
import type { TimeSpan } from '@sms-gateway/domain/local-days'
import type { ProviderName } from '@sms-gateway/domain/provider'
import type { Db } from './connect.ts'
import { BLANK } from './subject.ts'

/** What failed messages may be grouped by. */
type FailedColumn = 'error_code' | 'provider' | 'message_type'

export interface FailedGroup {
  errorCode: string | null
  provider: ProviderName | null
  messageType: string
  count: number
  errorDetail: string | null
  oldestAt: Date
  newestAt: Date
  /** The newest of them. */
  ids: MessageId[]
}

/** As many are looked at, the newest first, however many there are. */
const LOOK_AT = 10_000
const GROUPS = 200
const SAMPLES = 5

/**
 * Those in whose stead none goes yet, as `listFailed` has them, the largest groups first. What is not grouped by is
 * that of the newest one.
 */
export async function groupFailed(
  db: Db,
  { clientId, span }: { clientId: string | undefined; span: Partial<TimeSpan> },
  columns: readonly FailedColumn[],
): Promise<{ groups: FailedGroup[]; hasMore: boolean }> {
  const conditions = [
    sql`status = 'failed'`,
    ...(clientId === undefined ? [] : [sql`client_id = ${clientId}`]),
    ...(span.from ? [sql`id >= ${firstIdAt(span.from)}`] : []),
    ...(span.before ? [sql`id < ${firstIdAt(span.before)}`] : []),
  ]
  const newest = (value: ReturnType<typeof sql>) => sql`(array_agg(${value} order by id desc))[1]`
  const { rows } = await sql<FailedGroup & { looked: number }>`
    with seen as (
      select id, provider, message_type, error_code, error_detail, created_at, recipient_cipher, possible_duplicate,
        pinned_provider,
        row_number() over (order by id desc) as place
      from message
      where ${sql.join(conditions, sql` and `)} order by id desc limit ${LOOK_AT + 1}
    ),
    left_over as (
      select * from seen where place <= ${LOOK_AT} and recipient_cipher <> ${BLANK}
        and not possible_duplicate and pinned_provider is null
        and not exists (select from message_retry r where r.message_id = seen.id)
    )
    select ${newest(sql`error_code`)} as "errorCode", ${newest(sql`provider`)} as provider,
      ${newest(sql`message_type`)} as "messageType", count(*)::int as count, ${newest(sql`error_detail`)} as "errorDetail",
      min(created_at) as "oldestAt", max(created_at) as "newestAt", (array_agg(id order by id desc))[1:${sql.lit(SAMPLES)}] as ids,
      (select count(*) from seen)::int as looked
    from left_over group by ${sql.join(columns.map((column) => sql.ref(column)))}
    order by count desc, "newestAt" desc limit ${GROUPS + 1}`.execute(db)
  const groups = rows.slice(0, GROUPS).map(({ looked: _looked, ...group }) => group)
  return { groups, hasMore: rows.length > GROUPS || (rows[0]?.looked ?? 0) > LOOK_AT }
}
