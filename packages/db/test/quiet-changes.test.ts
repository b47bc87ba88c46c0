import { beforeEach, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import type { Db } from '@sms-gateway/db/connect'
import { onEachPostgres } from './on-each-postgres.ts'
import { emptyTables, storeMessage } from './support.ts'

/** One of each kind that figures or money tell apart. */
const KINDS = [
  'scheduled',
  'queued',
  'sending',
  'sent',
  'delivered',
  'unknown',
  'cancelled',
] as const
const STATES = [
  ...KINDS.map((status) => ({ status, inDoubt: false, reason: null, charged: null })),
  { status: 'sending', inDoubt: true, reason: null, charged: null },
  { status: 'sending', inDoubt: false, reason: null, charged: 700 },
  { status: 'held', inDoubt: false, reason: 'quiet-hours', charged: null },
  { status: 'failed', inDoubt: false, reason: null, charged: 700 },
] as const

type State = (typeof STATES)[number]

onEachPostgres((postgres) => {
  beforeEach(() => emptyTables(postgres.db))

  test('from whatever to whatever a message goes, figures and ledger add up to what it is', async () => {
    const { db } = postgres
    const { id } = await storeMessage(db)
    for (const from of STATES) {
      for (const to of STATES) {
        await move(db, id, from)
        await move(db, id, to)
        const { added, holds } = await read(db, id)
        expect({ from, to, added }).toEqual({ from, to, added: holds })
      }
    }
  })
})

async function move(db: Db, id: string, { status, inDoubt, reason, charged }: State) {
  await sql`
    update message set status = ${status}, in_doubt = ${inDoubt}, hold_reason = ${reason}, charged_milli = ${charged},
      provider = 'twilio', sent_at = case when ${status} in ('sent', 'delivered') then created_at else sent_at end
    where id = ${id}`.execute(db)
}

async function read(db: Db, id: string) {
  const { rows } = await sql<{ added: unknown; holds: unknown }>`
    select
      (select json_agg(json_build_array(provider, state, reason, total, sent, delivered, failed)) from (
        select provider, state, reason, sum(total) as total, sum(sent) as sent, sum(delivered) as delivered,
          sum(failed) as failed
        from stat_delta group by provider, state, reason having sum(total) <> 0) s)::text
      || (select json_build_array(sum(messages), sum(reserved), sum(spent)) from money_entry
        where message_id = ${id})::text as added,
      (select json_build_array(json_build_array(s.provider, state_of(m.status, m.in_doubt),
          case m.status when 'held' then coalesce(m.hold_reason, '') else '' end, s.total, s.sent, s.delivered, s.failed))
        from message m join message_stat s on s.id = m.id)::text
      || (select json_build_array(messages, reserved, spent) from message_money where id = ${id})::text as holds`.execute(
    db,
  )
  return rows[0] ?? { added: null, holds: undefined }
}
