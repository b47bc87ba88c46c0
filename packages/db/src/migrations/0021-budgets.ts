import { type Kysely, sql } from 'kysely'

/**
 * Room that a batch has taken before its messages are stored, so that nobody waits for those; which budgets are counted
 * yet, and who has set them (decision 0031).
 */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`create table budget_hold (
      batch_id uuid not null,
      counter_id bigint not null,
      amount bigint not null,
      created_at timestamptz not null,
      primary key (batch_id, counter_id)
    )`.execute(db)
  await countOnce(db)
  await createFamilies(db)
  await sql`alter table budget_alert add told_at timestamptz`.execute(db)
  await sql`update budget_alert set told_at = at`.execute(db)
  await sql`create index budget_alert_untold on budget_alert (id) where told_at is null`.execute(db)
}

/** As in 0016. */
const CONTRIBUTION = sql.raw(`
  m.id, m.status, m.batch_id, m.budget_counters,
  (m.status in ('accepted', 'scheduled', 'held', 'queued', 'sending', 'sent', 'delivered', 'undelivered', 'unknown')
    or m.charged_milli is not null)::int::smallint as messages,
  case when m.status in ('accepted', 'scheduled', 'held', 'queued', 'sending') then m.cost_milli else 0 end as reserved,
  case when m.status in ('sent', 'delivered', 'undelivered', 'unknown') then m.cost_milli
    when m.status in ('accepted', 'scheduled', 'held', 'queued', 'sending') then 0
    else coalesce(m.charged_milli, 0) end as spent`)

/** What a batch holds was counted when it took it: the hold goes in the commit that brings the messages. */
async function countOnce(db: Kysely<never>): Promise<void> {
  await sql`create or replace function enter_new_messages() returns trigger language plpgsql as $$ begin
    insert into money_entry (message_id, kind, messages, reserved, spent, counters, at)
    select id, 'reserve', messages, reserved, spent, budget_counters, now()
    from (select ${CONTRIBUTION} from new_message m) c where messages <> 0 or reserved <> 0 or spent <> 0;
    if exists (select from new_message where budget_counters is not null) then
      with change as (
        select counter, sum(c.messages) as messages, sum(c.reserved + c.spent) as milli
        from (select ${CONTRIBUTION} from new_message m) c, unnest(c.budget_counters) counter
        where c.batch_id is null or not exists (
          select from budget_hold h where h.batch_id = c.batch_id and h.counter_id = counter)
        group by counter
      ),
      locked as (select id from budget_counter where id in (select counter from change) order by id for update)
      update budget_counter b set used = b.used + case b.unit when 'money' then change.milli else change.messages end
      from change join locked on locked.id = change.counter where b.id = change.counter;
    end if;
    return null;
  end $$`.execute(db)
}

/** Budgets that share their counters, hard ones and soft ones, are a family: it is what has been counted or not. */
async function createFamilies(db: Kysely<never>): Promise<void> {
  await sql`create table budget_family (
      scope text not null,
      client_id uuid not null,
      key text not null,
      period text not null,
      unit text not null,
      set_at timestamptz not null,
      state text not null check (state in ('counting', 'settling', 'counted')),
      primary key (scope, client_id, key, period, unit)
    )`.execute(db)
  await sql`insert into budget_family
    select distinct scope, client_id, key, period, unit, now(), 'counted' from budget`.execute(db)
  // Nobody knows who set those that are there: nobody without the scope admin may loosen them.
  await sql`alter table budget add set_by_admin boolean not null default true`.execute(db)
}
