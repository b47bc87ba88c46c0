import type pg from 'pg'

/** Who the generated messages belong to, and what of them is rare: what an index must find at once. */
export interface GeneratedClients {
  main: string
  small: string
}

const DAYS = 30
const CHUNK = 250_000
const CUSTOMERS = 2_000
const CAMPAIGNS = 20
const BATCH = 1_000
/** One in so many is of the rare kind. */
const RARE = 50_000

/**
 * Messages of the last thirty days, made by PostgreSQL itself, and their attempts. What is sealed in them has the size of
 * the real, and is that of people who were erased: no page pays for opening it, which is some 20 us a message. The
 * figures are left to be counted anew.
 */
export async function generateMessages(
  client: pg.Client,
  count: number,
  { clients, phones }: { clients: GeneratedClients; phones: readonly Buffer[] },
): Promise<void> {
  const end = new Date()
  const rebuild = await dropIndexes(client)
  await client.query('alter table message disable trigger user')
  for (let first = 0; first < count; first += CHUNK) {
    const some = [first, Math.min(first + CHUNK, count) - 1, count, end]
    await client.query(INSERT_MESSAGES, [...some, clients.main, clients.small, phones])
    await client.query(INSERT_ATTEMPTS, some)
  }
  await client.query('alter table message enable trigger user')
  await rebuild()
  await client.query('analyze message, attempt')
}

/** Sorting them at the end is many times faster than keeping them up row by row. */
async function dropIndexes(client: pg.Client): Promise<() => Promise<void>> {
  const { rows } = await client.query<{ name: string; definition: string }>(`
    select i.indexrelid::regclass::text as name, pg_get_indexdef(i.indexrelid) as definition
    from pg_index i join pg_class c on c.oid = i.indexrelid
    where i.indrelid in ('message'::regclass, 'attempt'::regclass) and not i.indisprimary`)
  for (const { name } of rows) await client.query(`drop index ${name}`)
  return async () => {
    await client.query(`set maintenance_work_mem = '512MB'`)
    for (const { definition } of rows) await client.query(definition.replace(' ON ONLY ', ' ON '))
  }
}

/** The n-th of $3 messages: its time, and an id of that time. */
const GENERATED = `
  select n, at, (lpad(to_hex((extract(epoch from at) * 1000)::bigint), 12, '0') || '7' || substr(hash, 1, 3) || '8'
    || substr(hash, 4, 15))::uuid as id, hash, decode('02' || repeat('5a', 44), 'hex') as sealed_phone,
    decode('02' || repeat('5a', 129), 'hex') as sealed_text,
    -- Spread evenly and the same in each run, apart for each thing that is drawn.
    abs(hashint8extended(n, 1)) % 10000 as status_draw, abs(hashint8extended(n, 2)) % 100 as type_draw,
    (abs(hashint8extended(n, 3)) % 100000) / 100000.0 as customer_draw, abs(hashint8extended(n, 4)) % 30000 as delay_draw,
    abs(hashint8extended(n, 5)) % 1000 as phone_draw
  from generate_series($1::bigint, $2::bigint) n
  cross join lateral (select date_trunc('milliseconds', $4::timestamptz - interval '${DAYS} days' * (1 - n::float8 / $3::bigint)) as at, md5(n::text) as hash) t`

const INSERT_MESSAGES = `
  insert into message (id, client_id, status, lane, channel, message_type, customer_id, country, recipient_hash,
    recipient_cipher, content_cipher, encoding, segments, cost_milli, template_code, template_version, variant, campaign_id, batch_id,
    expires_at, ring_at, attempt_number, counted_attempts, provider, provider_message_id, in_doubt, error_code, error_detail,
    created_at, updated_at, sent_at, delivered_at)
  select id, case when n % 2000 = 7 then $6::uuid else $5::uuid end, status, 'normal', 'sms', message_type,
    case when customer_draw < 0.8 then 'C-' || floor(${CUSTOMERS} * customer_draw * customer_draw) end, 'TW',
    case when phone_draw = 0 then ($7::bytea[])[1 + n / 1000 % array_length($7::bytea[], 1)] else sha256(n::text::bytea) end,
    sealed_phone, sealed_text, 'UCS-2', 1, 500,
    case when n % ${RARE} = 11 then 'rare_template' when type_draw < 50 then 'order_confirmation' end, 1,
    case when type_draw < 50 then case when n % 2 = 0 then 'A' else 'B' end end,
    case when message_type = 'promotion' then ('00000000-0000-4000-8000-' || lpad((n * ${CAMPAIGNS} / $3::bigint)::text, 12, '0'))::uuid end,
    case when n % 50 = 3 then ('00000000-0000-4000-9000-' || lpad((n / ${BATCH})::text, 12, '0'))::uuid end,
    at + interval '1 day', at, 1, 1, case when n % ${RARE} = 13 then 'chunghwa' else 'twilio' end, 'SM' || hash,
    status = 'sending', case when status in ('failed', 'undelivered') then '30003' end, null, at, at,
    case when status in ('sent', 'delivered', 'undelivered') then at + interval '1 second' end,
    case when status = 'delivered' then at + interval '1 second' + delay_draw * interval '1 ms' end
  from (
    select *, case when n % ${RARE} = 17 then 'sending' when status_draw < 9300 then 'delivered' when status_draw < 9600 then 'undelivered'
      when status_draw < 9800 then 'failed' when status_draw < 9900 then 'suppressed' else 'sent' end as status,
      case when n % ${RARE} = 19 then 'emergency' when type_draw < 50 then 'order_confirmation' when type_draw < 80 then 'promotion'
      else 'otp' end as message_type
    from (${GENERATED}) generated
  ) m`

const INSERT_ATTEMPTS = `
  insert into attempt (message_id, number, provider, state, worker_id, opened_at, settled_at)
  select id, 1, case when n % ${RARE} = 13 then 'chunghwa' else 'twilio' end, 'accepted',
    '00000000-0000-4000-8000-000000000000', at, at
  from (${GENERATED}) generated`
