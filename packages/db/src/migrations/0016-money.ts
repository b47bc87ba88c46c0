import { type Kysely, sql } from 'kysely'

/**
 * What messages cost. A price book by time; a ledger that triggers write, so that no way of changing a message can
 * forget it; and budgets with their counters, which the same triggers keep (decision 0025).
 */
export async function up(db: Kysely<never>): Promise<void> {
  await createPrices(db)
  await createCharges(db)
  await createBudgets(db)
  await createLedger(db)
}

async function createPrices(db: Kysely<never>): Promise<void> {
  await sql`
    create table price (
      provider text not null,
      country text not null check (country = '*' or country ~ '^[A-Z]{2}$'),
      valid_from timestamptz not null,
      milli integer not null check (milli >= 0),
      primary key (provider, country, valid_from)
    )`.execute(db)
  await sql`insert into price (provider, country, valid_from, milli) values
    ('twilio', '*', '2000-01-01Z', 500), ('twilio', 'TW', '2000-01-01Z', 500),
    ('chunghwa', '*', '2000-01-01Z', 700), ('chunghwa', 'TW', '2000-01-01Z', 700)`.execute(db)
  // packages/domain/src/money.ts chooses in the same way.
  await sql`create function price_at(provider text, country text, at timestamptz) returns integer language sql stable
    return (select p.milli from price p
      where p.provider = price_at.provider and p.country in (price_at.country, '*') and p.valid_from <= price_at.at
      order by p.country = '*', p.valid_from desc limit 1)`.execute(db)
  // Twilio counts the segments of what it splits by itself; of a Chunghwa text each part is a submission of its own.
  await sql`create function charge_of(provider text, country text, segments smallint, at timestamptz) returns integer
    language sql stable
    return coalesce(price_at(provider, country, at), 0) * case provider when 'twilio' then segments else 1 end`.execute(
    db,
  )
}

async function createCharges(db: Kysely<never>): Promise<void> {
  // What was taken before there was a price book keeps its estimate.
  await sql`alter table provider_reference add charge_milli integer`.execute(db)
  await sql`alter table message add charged_milli integer, add budget_counters bigint[]`.execute(db)
  await sql`create function add_charge(charged integer, milli integer) returns integer language sql immutable
    return case when milli is null then charged else coalesce(charged, 0) + milli end`.execute(db)
  // An estimate until a provider took something; while parts are still to go, no less than they have cost already.
  await sql`create function cost_after(status text, cost integer, charged integer) returns integer
    language sql immutable
    return case when charged is null then cost
      when status in ('accepted', 'scheduled', 'held', 'queued', 'sending') then greatest(cost, charged)
      else charged end`.execute(db)
}

async function createBudgets(db: Kysely<never>): Promise<void> {
  const scope = sql.raw(`
      scope text not null check (scope in ('client', 'customer', 'message_type', 'all')),
      client_id uuid not null,
      key text not null,
      period text not null check (period in ('day', 'month')),
      unit text not null check (unit in ('messages', 'money'))`)
  await sql`create table budget (
      id uuid not null primary key, ${scope},
      hard boolean not null,
      amount bigint not null check (amount >= 0),
      created_at timestamptz not null,
      updated_at timestamptz not null,
      unique (scope, client_id, key, period, unit, hard)
    )`.execute(db)
  await sql`create table budget_counter (
      id bigint generated always as identity primary key, ${scope},
      period_start date not null,
      base bigint not null,
      used bigint not null,
      unique (scope, client_id, key, period, period_start, unit)
    ) with (fillfactor = 50)`.execute(db)
  await sql`create table budget_alert (
      id bigint generated always as identity primary key,
      counter_id bigint not null,
      hard boolean not null,
      amount bigint not null,
      percent smallint not null,
      used bigint not null,
      at timestamptz not null,
      unique (counter_id, hard, amount, percent)
    )`.execute(db)
}

/** What a message holds of the money is a function of its row alone; its entries are what that changed by. */
const CONTRIBUTION = sql.raw(`
  m.id, m.status, m.budget_counters,
  (m.status in ('accepted', 'scheduled', 'held', 'queued', 'sending', 'sent', 'delivered', 'undelivered', 'unknown')
    or m.charged_milli is not null)::int::smallint as messages,
  case when m.status in ('accepted', 'scheduled', 'held', 'queued', 'sending') then m.cost_milli else 0 end as reserved,
  case when m.status in ('sent', 'delivered', 'undelivered', 'unknown') then m.cost_milli
    when m.status in ('accepted', 'scheduled', 'held', 'queued', 'sending') then 0
    else coalesce(m.charged_milli, 0) end as spent`)

async function createLedger(db: Kysely<never>): Promise<void> {
  await sql`create sequence money_entry_id`.execute(db)
  await sql`
    create table money_entry (
      message_id uuid not null,
      id bigint not null default nextval('money_entry_id'),
      kind text not null check (kind in ('carried', 'reserve', 'settle', 'release', 'adjust')),
      messages smallint not null,
      reserved integer not null,
      spent integer not null,
      counters bigint[],
      at timestamptz not null,
      primary key (message_id, id)
    ) partition by range (message_id)`.execute(db)
  await sql`create table money_entry_default partition of money_entry default`.execute(db)
  await sql`create view message_money as select ${CONTRIBUTION} from message m`.execute(db)
  // What was accepted before there was a ledger.
  await sql`insert into money_entry (message_id, kind, messages, reserved, spent, at)
    select id, 'carried', messages, reserved, spent, now() from message_money
    where messages <> 0 or reserved <> 0 or spent <> 0`.execute(db)
  await createFunctions(db)
  await sql`create trigger enter_new_messages after insert on message
    referencing new table as new_message for each statement execute function enter_new_messages()`.execute(
    db,
  )
  await sql`create trigger enter_changed_messages after update on message
    referencing old table as old_message new table as new_message
    for each statement execute function enter_changed_messages()`.execute(db)
}

async function createFunctions(db: Kysely<never>): Promise<void> {
  await sql`create function enter_new_messages() returns trigger language plpgsql as $$ begin
    insert into money_entry (message_id, kind, messages, reserved, spent, counters, at)
    select id, 'reserve', messages, reserved, spent, budget_counters, now()
    from (select ${CONTRIBUTION} from new_message m) c where messages <> 0 or reserved <> 0 or spent <> 0;
    if exists (select from new_message where budget_counters is not null) then
      with change as (
        select counter, sum(c.messages) as messages, sum(c.reserved + c.spent) as milli
        from (select ${CONTRIBUTION} from new_message m) c, unnest(c.budget_counters) counter group by counter
      ),
      locked as (select id from budget_counter where id in (select counter from change) order by id for update)
      update budget_counter b set used = b.used + case b.unit when 'money' then change.milli else change.messages end
      from change join locked on locked.id = change.counter where b.id = change.counter;
    end if;
    return null;
  end $$`.execute(db)
  await sql`create function enter_changed_messages() returns trigger language plpgsql as $$ begin
    if not exists (select from new_message n join old_message o on o.id = n.id
      where n.status <> o.status or n.cost_milli <> o.cost_milli or n.charged_milli is distinct from o.charged_milli) then
      return null;
    end if;
      with change as (
        select n.id, n.status, o.status as old_status, n.budget_counters, (n.messages - o.messages)::smallint as messages,
          n.reserved - o.reserved as reserved, n.spent - o.spent as spent
        from (select ${CONTRIBUTION} from new_message m) n join (select ${CONTRIBUTION} from old_message m) o
          on o.id = n.id
      ),
      entered as (
        insert into money_entry (message_id, kind, messages, reserved, spent, counters, at)
        select id, case when reserved < 0 and status in ('sent', 'delivered', 'undelivered', 'unknown') then 'settle'
            when reserved < 0 and status in ('failed', 'cancelled', 'expired', 'suppressed') then 'release'
            else 'adjust' end,
          messages, reserved, spent, budget_counters, now()
        from change where messages <> 0 or reserved <> 0 or spent <> 0
      ),
      counted as (
        select counter, sum(messages) as messages, sum(reserved + spent) as milli
        from change, unnest(budget_counters) counter
        where messages <> 0 or reserved + spent <> 0 group by counter
      ),
      locked as (select id from budget_counter where id in (select counter from counted) order by id for update)
      update budget_counter b set used = b.used + case b.unit when 'money' then counted.milli else counted.messages end
      from counted join locked on locked.id = counted.counter where b.id = counted.counter;
    return null;
  end $$`.execute(db)
}
