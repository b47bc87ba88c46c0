import { beforeAll, expect, test } from '@jest/globals'
import pg from 'pg'
import { addApiKey } from '../test-support/api-keys.ts'
import { describeEachBackend } from '../test-support/backends.ts'
import { type Campaigns, createCampaigns } from '../test-support/campaigns.ts'
import { cleanUpAfterAll } from '../test-support/clean-up.ts'
import { findFreePort } from '../test-support/free-port.ts'
import { newPhone, newText } from '../test-support/people.ts'
import { optOut } from '../test-support/permissions.ts'
import { spawnService, whenReady } from '../test-support/service-process.ts'
import { countTaken } from '../test-support/taken.ts'
import { until } from '../test-support/until.ts'
import { type Gateway, startGateway } from '../test-support/world.ts'

const DAY_MS = 86_400_000

describeEachBackend((backend) => {
  const cleanUp = cleanUpAfterAll()
  let gateway: Gateway
  let campaigns: Campaigns
  beforeAll(async () => {
    const env = {
      SMS_FREQUENCY_CAPS: '{"marketing":{"count":2,"hours":24}}',
      SMS_DUPLICATE_WINDOW_SECONDS: '600',
    }
    gateway = await startGateway(backend, cleanUp, { env })
    campaigns = createCampaigns(gateway.url, gateway.api)
    // Two dispatchers, each with a mind of its own.
    const port = String(await findFreePort())
    const other = spawnService('dispatcher', { ...gateway.variables, PORT: port }, cleanUp)
    await whenReady(other, `http://127.0.0.1:${port}`)
  })

  const sendMany = (phone: string, count: number, body: Record<string, unknown> = {}) =>
    Promise.all(
      Array.from({ length: count }, (_, index) =>
        gateway.api.send({
          phone,
          message: `${newText()} ${index}`,
          message_type: 'promotion',
          ...body,
        }),
      ),
    )
  const countByStatus = async (ids: readonly string[]) => {
    const rows = await gateway.stores.query<{ is: string; count: number }>(
      `select concat_ws(' ', status, hold_reason, error_code) as is, count(*)::int as count from message
      where id = any($1::uuid[]) group by 1`,
      [ids],
    )
    return Object.fromEntries(rows.map((row) => [row.is, row.count]))
  }
  const untilSettled = (ids: readonly string[], expected: Record<string, number>) =>
    until(
      'all are where they belong',
      async () =>
        JSON.stringify(sorted(await countByStatus(ids))) === JSON.stringify(sorted(expected)),
    ).catch(async () => {
      expect(await countByStatus(ids)).toEqual(expected)
    })

  test('a person gets as many as the cap says, however many dispatchers there are', async () => {
    const people = Array.from({ length: 5 }, () => newPhone().e164)
    const before = Date.now()
    const expiresAt = new Date(before + 3 * DAY_MS).toISOString()
    const sent = await Promise.all(
      people.map((phone) => sendMany(phone, 8, { expires_at: expiresAt })),
    )
    for (const messages of sent) {
      const ids = messages.map(({ id }) => id)
      await untilSettled(ids, { delivered: 2, 'held frequency-cap': 6 })
      const held = (await Promise.all(ids.map((id) => gateway.api.find(id)))).filter(
        ({ status }) => status === 'held',
      )
      for (const { not_before: notBefore } of held) {
        expect(Date.parse(notBefore ?? '')).toBeGreaterThanOrEqual(before + DAY_MS)
      }
    }

    // The window has passed: two more of each go, and no third.
    const ids = sent.flatMap((messages) => messages.map(({ id }) => id))
    await gateway.stores.query(`update frequency_turn set at = at - interval '1 day'`)
    await gateway.stores.query(
      `update message set not_before = now(), ring_at = now() where id = any($1::uuid[]) and status = 'held'`,
      [ids],
    )
    await untilSettled(ids, { delivered: 20, 'held frequency-cap': 20 })
  })

  test('one that would expire before the window has room ends, and says why', async () => {
    const phone = newPhone().e164
    const ids = (await sendMany(phone, 4)).map(({ id }) => id)
    await untilSettled(ids, { delivered: 2, 'suppressed frequency-cap': 2 })
  })

  test('counts all clients, what went before the caps were set, and not what reached nobody', async () => {
    const phone = newPhone().e164
    const [first] = await sendMany(phone, 1)
    await gateway.api.untilStatus(first?.id ?? '', 'delivered')
    await gateway.stores.query('delete from frequency_turn where message_id = $1', [first?.id])
    const key = await addApiKey(gateway.stores, { scopes: ['send', 'read'] })
    const theirs = await gateway.api.call('/api/v1/sms/send', {
      key,
      body: { phone, message: newText(), message_type: 'promotion' },
    })
    const { id } = theirs.json as { id: string }
    await untilSettled([id], { delivered: 1 })
    const [third] = await sendMany(phone, 1)
    await untilSettled([third?.id ?? ''], { 'held frequency-cap': 1 })
    await gateway.stores.query(`update message set status = 'undelivered' where id = $1`, [id])
    const [fourth] = await sendMany(phone, 1)
    await untilSettled([fourth?.id ?? ''], { delivered: 1 })
  })

  test('who opts out while a message waits for its turn does not get it', async () => {
    const phone = newPhone().e164
    const message = newText()
    const [held] = await sendMany(phone, 1, {
      message,
      schedule_at: new Date(Date.now() + DAY_MS).toISOString(),
    })
    const id = held?.id ?? ''
    const person = new pg.Client({ connectionString: gateway.stores.databaseUrl })
    await person.connect()
    try {
      await person.query(
        `select pg_advisory_lock(('x' || encode(substring(recipient_hash from 1 for 8), 'hex'))::bit(64)::bigint)
         from message where id = $1`,
        [id],
      )
      await gateway.stores.query(
        'update message set not_before = now(), ring_at = now() where id = $1',
        [id],
      )
      const isTrue =
        (query: string, values: unknown[] = []) =>
        async () =>
          (await gateway.stores.query(query, values)).length > 0
      await until(
        'it waits for its turn',
        isTrue(
          `select from pg_locks where locktype = 'advisory' and not granted
             and database = (select oid from pg_database where datname = current_database())`,
        ),
      )
      await optOut(gateway.stores, gateway.variables, { phone, kind: 'marketing' })
      await until(
        'it has waited for longer than the gates are good for',
        isTrue(`select from message where id = $1 and claimed_at < now() - interval '1 second'`, [
          id,
        ]),
      )
    } finally {
      await person.end()
    }
    const ended = await gateway.api.untilStatus(id, 'suppressed')
    expect(ended.error?.code).toBe('opted-out')
    const { twilio, chunghwa } = countTaken(gateway, message)
    expect(twilio + chunghwa).toBe(0)
  })

  test('holds up neither other kinds nor otps', async () => {
    const phone = newPhone().e164
    const ids = [
      ...(await sendMany(phone, 4, { message_type: 'order_confirmation' })),
      ...(await sendMany(phone, 4, { message_type: 'otp' })),
    ].map(({ id }) => id)
    await untilSettled(ids, { delivered: 8 })
  })

  test('while an operator has paused it, what is accepted waits and /metrics says so', async () => {
    const act = (action: string, body = {}) =>
      gateway.api.call(`/api/v1/sms/gateway/${action}`, { body })
    expect((await act('pause', { reason: 'a test' })).status).toBe(200)
    const { id } = await gateway.api.send({ phone: newPhone().local, message: newText() })
    const isShown = (value: number) => async () =>
      (await gateway.api.call('/metrics')).text.includes(`sms_gateway_paused ${value}\n`)
    await until('the gauge shows the pause', isShown(1))
    expect((await gateway.api.find(id)).status).toBe('queued')
    expect((await act('resume')).status).toBe(200)
    await until('the gauge shows the end of the pause', isShown(0))
    // It was rung for while nobody took it: the next ring may be half a minute away.
    await gateway.stores.query('update message set ring_at = now() where id = $1', [id])
    await gateway.api.untilStatus(id, 'delivered')
  })

  test('a campaign leaves out who got the same text a moment ago', async () => {
    const message = newText()
    const phones = Array.from({ length: 5 }, () => newPhone().local)
    const first = await gateway.api.send({ phone: phones[3] ?? '', message })
    await gateway.api.untilStatus(first.id, 'delivered')
    const recipients = phones.map((phone) => ({ phone }))
    const { id } = await campaigns.create({ message, recipients })
    const ended = await campaigns.untilStatus(id, 'finished')
    expect(ended.counts).toMatchObject({ handed: 4, suppressed: 1 })
    const taken = () => {
      const { twilio, chunghwa } = countTaken(gateway, message)
      return twilio + chunghwa
    }
    await until('all are taken', () => taken() >= 5)
    expect(taken()).toBe(5)
    expect(
      await gateway.stores.query(
        `select state, reason from campaign_recipient where campaign_id = $1 and reason is not null`,
        [id],
      ),
    ).toEqual([{ state: 'suppressed', reason: 'duplicate-message' }])
  })
})

function sorted(counts: Record<string, number>): [string, number][] {
  return Object.entries(counts).sort(([a], [b]) => (a < b ? -1 : 1))
}
