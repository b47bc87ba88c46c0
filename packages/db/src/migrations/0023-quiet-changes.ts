import { type Kysely, sql } from 'kysely'

/**
 * One trigger for what each change of a message adds to the figures and to the ledger, where there were two: it looks at
 * the rows once. Most changes, a claim or an attempt that is opened, add to neither, and cost that one look
 * (decision 0033). What is added, and when, is as in 0020 and 0016.
 */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`create function follow_changed_messages() returns trigger language plpgsql as $$
    declare counts boolean; charges boolean; budgeted boolean;
  begin
    select coalesce(bool_or(${PLACE_CHANGED}), false), coalesce(bool_or(${MONEY_CHANGED}), false),
      coalesce(bool_or(n.budget_counters is not null), false)
    into counts, charges, budgeted
    from new_message n join old_message o on o.id = n.id;
    if counts then ${COUNT} end if;
    if charges then
      ${ENTER}
      if budgeted then ${COUNT_ON_BUDGETS} end if;
    end if;
    return null;
  end $$`.execute(db)
  await sql`drop trigger count_changed_messages on message`.execute(db)
  await sql`drop trigger enter_changed_messages on message`.execute(db)
  await sql`drop function count_changed_messages(), enter_changed_messages()`.execute(db)
  await sql`create trigger follow_changed_messages after update on message
    referencing old table as old_message new table as new_message
    for each statement execute function follow_changed_messages()`.execute(db)
}

/** The statuses among which a message waits for a provider: it has cost nothing, and stands under none. */
const WAITS = sql.raw(`('accepted', 'scheduled', 'held', 'queued', 'sending')`)
/** Those of them that are one state in the figures. */
const IS_WAITING = sql.raw(`('accepted', 'queued', 'sending')`)
const TAKEN = sql.raw(`('sent', 'delivered', 'undelivered', 'unknown')`)

const KEYS = sql.raw('client_id, provider, message_type, template_code, variant, campaign_id')
const PLACE = sql.raw('lane, state, reason')
const FIGURES = sql.raw('total, sent, delivered, failed, segments, cost_milli')

/** Whether the figures may change: not where it waits before and after, in doubt neither time, and is the same otherwise. */
const PLACE_CHANGED = sql`
  n.status not in ${IS_WAITING} or o.status not in ${IS_WAITING} or n.in_doubt or o.in_doubt
  or (n.created_at, n.client_id, n.message_type, n.template_code, n.variant, n.campaign_id, n.customer_id, n.lane)
    is distinct from
    (o.created_at, o.client_id, o.message_type, o.template_code, o.variant, o.campaign_id, o.customer_id, o.lane)`

/** Whether what a message holds changes: it is a function of these three alone. */
const MONEY_CHANGED = sql`
  n.cost_milli <> o.cost_milli or n.charged_milli is distinct from o.charged_milli
  or (n.status in ${WAITS}) <> (o.status in ${WAITS}) or (n.status in ${TAKEN}) <> (o.status in ${TAKEN})`

/** As in 0020. */
const COUNTED = sql.raw(`
  date_bin('15 minutes', m.created_at, timestamptz '2000-01-01 00:00:00+00') as at,
  m.client_id,
  case when m.status in ('accepted', 'scheduled', 'held', 'queued', 'sending') then '' else coalesce(m.provider, '') end
    as provider,
  m.message_type,
  coalesce(m.template_code, '') as template_code,
  coalesce(m.variant, '') as variant,
  coalesce(m.campaign_id, '00000000-0000-0000-0000-000000000000') as campaign_id,
  coalesce(m.customer_id, '') as customer_id,
  m.lane,
  state_of(m.status, m.in_doubt) as state,
  case m.status when 'held' then coalesce(m.hold_reason, '') else '' end as reason,
  1 as total,
  is_taken(m.status, m.sent_at) as sent,
  (m.status = 'delivered')::int as delivered,
  (m.status in ('undelivered', 'failed', 'expired'))::int as failed,
  is_taken(m.status, m.sent_at) * m.segments as segments,
  is_taken(m.status, m.sent_at) * m.cost_milli as cost_milli,
  case when m.status = 'delivered' then delay_bucket(m.sent_at, m.delivered_at) end as delay`)

/** A message that goes to another place is one less where it was and one more where it is. */
const COUNT = sql`
  insert into stat_delta (at, ${KEYS}, customer_id, ${PLACE}, ${FIGURES}, delays)
  select at, ${KEYS}, customer_id, ${PLACE}, sum(sign * total), sum(sign * sent), sum(sign * delivered),
    sum(sign * failed), sum(sign * segments), sum(sign * cost_milli),
    array_agg(case sign when 1 then delay else -1 - delay end) filter (where delay is not null)
  from (
    select 1 as sign, ${COUNTED} from new_message m
    union all
    select -1 as sign, ${COUNTED} from old_message m
  ) c
  group by at, ${KEYS}, customer_id, ${PLACE}
  having sum(sign * total) <> 0 or sum(sign * sent) <> 0 or sum(sign * delivered) <> 0 or sum(sign * failed) <> 0
    or sum(sign * segments) <> 0 or sum(sign * cost_milli) <> 0 or count(delay) > 0;`

/** As in 0016. */
const HELD = sql.raw(`
  m.id, m.status, m.budget_counters,
  (m.status in ('accepted', 'scheduled', 'held', 'queued', 'sending', 'sent', 'delivered', 'undelivered', 'unknown')
    or m.charged_milli is not null)::int::smallint as messages,
  case when m.status in ('accepted', 'scheduled', 'held', 'queued', 'sending') then m.cost_milli else 0 end as reserved,
  case when m.status in ('sent', 'delivered', 'undelivered', 'unknown') then m.cost_milli
    when m.status in ('accepted', 'scheduled', 'held', 'queued', 'sending') then 0
    else coalesce(m.charged_milli, 0) end as spent`)
const CHANGE = sql`
  select n.id, n.status, n.budget_counters, (n.messages - o.messages)::smallint as messages,
    n.reserved - o.reserved as reserved, n.spent - o.spent as spent
  from (select ${HELD} from new_message m) n join (select ${HELD} from old_message m) o on o.id = n.id`

const ENTER = sql`
  insert into money_entry (message_id, kind, messages, reserved, spent, counters, at)
  select id, case when reserved < 0 and status in ${TAKEN} then 'settle'
      when reserved < 0 and status in ('failed', 'cancelled', 'expired', 'suppressed') then 'release'
      else 'adjust' end,
    messages, reserved, spent, budget_counters, now()
  from (${CHANGE}) change where messages <> 0 or reserved <> 0 or spent <> 0;`

const COUNT_ON_BUDGETS = sql`
  with counted as (
    select counter, sum(messages) as messages, sum(reserved + spent) as milli
    from (${CHANGE}) change, unnest(budget_counters) counter
    where messages <> 0 or reserved + spent <> 0 group by counter
  ),
  locked as (select id from budget_counter where id in (select counter from counted) order by id for update)
  update budget_counter b set used = b.used + case b.unit when 'money' then counted.milli else counted.messages end
  from counted join locked on locked.id = counted.counter where b.id = counted.counter;`
