import { afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { MessageChange, OverviewResponse, StaleNotice } from '@sms-gateway/contracts/overview'
import { foldStats } from '@sms-gateway/db/fold-stats'
import { addApiKey } from '../../all-in-one/test-support/api-keys.ts'
import { cleanUpAfterAll } from '../../all-in-one/test-support/clean-up.ts'
import { signIn } from '../../all-in-one/test-support/console.ts'
import { expectProblem } from '../../all-in-one/test-support/problems.ts'
import { API_KEY } from '../../all-in-one/test-support/settings.ts'
import { until } from '../../all-in-one/test-support/until.ts'
import { listenTo, type Reader, type ReaderOptions, type SeenEvent } from './event-reader.ts'
import { storeMessage } from './store-message.ts'
import type { Admin } from './support.ts'
import { SMS, startAdmin } from './support.ts'

const EVENTS = `${SMS}/events`

const cleanUp = cleanUpAfterAll()
let admin: Admin
let adminKey: string
beforeAll(async () => {
  admin = await startAdmin(cleanUp)
  adminKey = await addApiKey(admin.stores, { scopes: ['read', 'admin'] })
})

const open: Reader[] = []
afterEach(async () => {
  for (const reader of open.splice(0)) await reader.leave()
})

async function listen(options: ReaderOptions = {}, { url } = admin): Promise<Reader> {
  const reader = await listenTo(cleanUp, url, options)
  open.push(reader)
  return reader
}

const isOverview = ({ name }: SeenEvent) => name === 'overview'
const isAt = (id: string, status: string) => (event: SeenEvent) =>
  event.name === 'message' && hasStatus(event, id, status)

function hasStatus({ data }: SeenEvent, id: string, status: string): boolean {
  const change = MessageChange.parse(data)
  return change.id === id && change.status === status
}

function statusesOf({ events }: Reader, id: string): string[] {
  return events
    .filter(({ name }) => name === 'message')
    .map(({ data }) => MessageChange.parse(data))
    .filter((change) => change.id === id)
    .map(({ status }) => status)
}

async function change(id: string, status: string): Promise<void> {
  await admin.stores.query('update message set status = $2, updated_at = now() where id = $1', [
    id,
    status,
  ])
}

const ROUNDS = 3

/** Rounds of the poll, as far as the database was asked. */
function roundsOf({ statements }: Admin, from = 0): number {
  return statements.slice(from).filter((text) => text.includes('from stat_minute')).length
}

test('a page is told how things are, and then what changes', async () => {
  const id = await storeMessage(admin)
  const page = await listen({ messages: [id] })
  expect({ status: page.status, headers: page.headers }).toMatchObject({
    status: 200,
    headers: {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store, no-transform',
      'x-accel-buffering': 'no',
    },
  })
  const first = await page.untilEvent('an overview', isOverview)
  const before = OverviewResponse.parse(first.data)
  expect(first.id).toMatch(/^[0-9a-f]{12}-\d+$/)
  await page.untilEvent('the message', isAt(id, 'queued'))
  await change(id, 'sending')
  await page.untilEvent('its change', isAt(id, 'sending'))
  await foldStats(admin.db, { timeZone: 'Asia/Taipei' })
  const after = await page.untilEvent(
    'the next overview',
    (event) =>
      isOverview(event) && OverviewResponse.parse(event.data).today.total > before.today.total,
  )
  expect(after.id).not.toBe(first.id)
  const [asked] = [OverviewResponse.parse((await admin.api.call(`${SMS}/overview`)).json)]
  expect(Object.keys(asked)).toEqual(Object.keys(before))
})

test('hears of its own messages alone, and an admin of all', async () => {
  const id = await storeMessage(admin)
  const other = await addApiKey(admin.stores, { scopes: ['read'] })
  const [own, foreign, all] = await Promise.all(
    [undefined, other, adminKey].map((key) =>
      listen({ messages: [id], ...(key !== undefined && { key }) }),
    ),
  )
  await own?.untilEvent('the message', isAt(id, 'queued'))
  await change(id, 'cancelled')
  await own?.untilEvent('the change', isAt(id, 'cancelled'))
  await all?.untilEvent('the change', isAt(id, 'cancelled'))
  await foreign?.untilEvent('an overview', isOverview)
  expect(foreign?.events.filter(({ name }) => name === 'message')).toEqual([])
})

describe('a page that lost its stream', () => {
  test('is told every step that it missed, and nothing that it has', async () => {
    const id = await storeMessage(admin)
    const other = await listen({ messages: [id] })
    const page = await listen({ messages: [id] })
    await page.untilEvent('the message', isAt(id, 'queued'))
    await page.untilEvent('an overview', isOverview)
    await page.leave()
    for (const status of ['sending', 'sent', 'delivered']) {
      await change(id, status)
      await other.untilEvent(status, isAt(id, status))
    }
    const again = await listen({ messages: [id], lastEventId: page.lastId() })
    await again.untilEvent('the last step', isAt(id, 'delivered'))
    expect(statusesOf(again, id)).toEqual(['sending', 'sent', 'delivered'])
  })

  test('is told what happened while nobody listened', async () => {
    const id = await storeMessage(admin)
    const page = await listen({ messages: [id] })
    await page.untilEvent('the message', isAt(id, 'queued'))
    await page.untilEvent('an overview', isOverview)
    await page.leave()
    await change(id, 'expired')
    const again = await listen({ messages: [id], lastEventId: page.lastId() })
    await again.untilEvent('the change', isAt(id, 'expired'))
    expect(statusesOf(again, id)).toEqual(['expired'])
  })

  test('is told everything by another process, as by one that started anew', async () => {
    const id = await storeMessage(admin)
    const page = await listen({ messages: [id] })
    await page.untilEvent('the message', isAt(id, 'queued'))
    await page.untilEvent('an overview', isOverview)
    await page.leave()
    const second = await startAdmin(cleanUp, { stores: admin.stores })
    const again = await listen({ messages: [id], lastEventId: page.lastId() }, second)
    await again.untilEvent('an overview', isOverview)
    await again.untilEvent('the message', isAt(id, 'queued'))
    expect(again.lastId().split('-')[0]).not.toBe(page.lastId().split('-')[0])

    // Nothing that is open is waited for.
    await second.close()
    await until('the stream is over', again.isOver)
  })

  test.each(['', 'x', '-1', 'ffffffffffff-1', `${'f'.repeat(200)}-1`])(
    'is told everything where its last id is %j',
    async (lastEventId) => {
      const page = await listen({ lastEventId })
      await page.untilEvent('an overview', isOverview)
    },
  )

  test('is told everything where its last id is one that was never given', async () => {
    const page = await listen()
    const { id = '' } = await page.untilEvent('an overview', isOverview)
    await page.leave()
    const again = await listen({ lastEventId: id.replace(/\d+$/, '999999') })
    await again.untilEvent('an overview', isOverview)
  })
})

test('while the database does not answer, pages are told since when, and go on by themselves', async () => {
  const page = await listen()
  await page.untilEvent('an overview', isOverview)
  await admin.stores.query('alter table stat_now rename to stat_gone')
  const { id, data } = await page.untilEvent('that it is stale', ({ name }) => name === 'stale')
  expect(id).toBeUndefined()
  expect(Date.parse(StaleNotice.parse(data).since)).toBeLessThanOrEqual(Date.now())
  const second = await listen()
  await second.untilEvent('that it is stale', ({ name }) => name === 'stale')
  await admin.stores.query('alter table stat_gone rename to stat_now')
  const isAfter = (reader: Reader) => reader.events.at(-1)?.name === 'overview'
  await until('both are told how things are', () => isAfter(page) && isAfter(second))
  expect(page.events.filter(({ name }) => name === 'stale')).toHaveLength(1)
  expect(admin.log.filter((line) => line.includes('nothing new for the open pages'))).toHaveLength(
    1,
  )
})

test('a key that is revoked, or loses its scope, loses its streams', async () => {
  const keys = await Promise.all(
    [1, 2, 3].map(() => addApiKey(admin.stores, { client: 'watchers', scopes: ['read'] })),
  )
  const [revoked, narrowed, kept] = await Promise.all(keys.map((key) => listen({ key })))
  await kept?.untilEvent('an overview', isOverview)
  const hash = `sha256(convert_to($1, 'UTF8'))`
  await admin.stores.query(`update api_key set revoked_at = now() where key_hash = ${hash}`, [
    keys[0],
  ])
  await admin.stores.query(`update api_key set scopes = '{send}' where key_hash = ${hash}`, [
    keys[1],
  ])
  await until('both are over', () => revoked?.isOver() === true && narrowed?.isOver() === true)
  expect(kept?.isOver()).toBe(false)
})

test('a person listens by their cookie, and hears nothing more once they have signed out', async () => {
  const id = await storeMessage(admin)
  const person = await signIn(admin.api, API_KEY)
  const { cookie } = person
  const page = await listen({ cookie, messages: [id] })
  await page.untilEvent('an overview', isOverview)
  await change(id, 'sending')
  await page.untilEvent('the change', isAt(id, 'sending'))
  expect((await person.call(`${SMS}/session`, { method: 'DELETE' })).status).toBe(204)
  await until('the stream is over', page.isOver)
  expect((await listen({ cookie })).status).toBe(401)
})

test('a stream keeps no session in use, and ends with it', async () => {
  const key = await addApiKey(admin.stores, { scopes: ['read'] })
  const { cookie } = await signIn(admin.api, key)
  const page = await listen({ cookie })
  await page.untilEvent('an overview', isOverview)
  const hash = [cookie.replace('sms_session=', '')]
  const setSeen = (minutes: number) =>
    admin.stores.query(
      `update session set last_seen_at = now() - make_interval(mins => ${minutes})
       where token_hash = sha256(convert_to($1, 'UTF8')) returning last_seen_at`,
      hash,
    )
  const [seen] = await setSeen(58)
  const begun = admin.statements.length
  const checks = () =>
    admin.statements.slice(begun).filter((text) => text.includes('key_hash')).length
  await until('its session was looked up twice', () => checks() >= 2)
  expect(page.isOver()).toBe(false)
  expect(
    await admin.stores.query(
      `select last_seen_at from session where token_hash = sha256(convert_to($1, 'UTF8'))`,
      hash,
    ),
  ).toEqual([seen])
  await setSeen(61)
  await until('the stream is over', page.isOver)
})

test('two hundred pages cost what one costs', async () => {
  const watched = await storeMessage(admin)
  const ask = async () => {
    // From the start of a round on.
    const begun = admin.statements.length
    await until('a round', () => roundsOf(admin, begun) > 0)
    const from = admin.statements.findLastIndex((text) => text.includes('from stat_minute'))
    await until('the rounds', () => roundsOf(admin, from) > ROUNDS)
    const to = admin.statements.findLastIndex((text) => text.includes('from stat_minute'))
    const asked = admin.statements.slice(from, to)
    const isKeys = (text: string) => text.includes('key_hash')
    return { polls: asked.filter((text) => !isKeys(text)), keys: asked.filter(isKeys).length }
  }
  await listen({ messages: [watched] })
  const one = await ask()

  const keys = await Promise.all(
    Array.from({ length: 10 }, () => addApiKey(admin.stores, { scopes: ['read'] })),
  )
  const pages = await Promise.all(
    Array.from({ length: 199 }, (_, index) =>
      listen({ key: keys[index % 10] ?? '', messages: [watched] }),
    ),
  )
  await until('all are open', () => pages.every(({ events }) => events.some(isOverview)))
  const many = await ask()
  expect(many.polls).toHaveLength(one.polls.length)
  // Of all keys and pages at once, and at most with each round.
  expect(Math.max(one.keys, many.keys)).toBeLessThanOrEqual(ROUNDS)
})

describe('refuses', () => {
  test('more than twenty streams of a key', async () => {
    const key = await addApiKey(admin.stores, { scopes: ['read'] })
    const pages = await Promise.all(Array.from({ length: 20 }, () => listen({ key })))
    expect(pages.map(({ status }) => status)).toEqual(Array(20).fill(200))
    const refused = await admin.api.call(EVENTS, { key })
    expectProblem(refused, 429, 'too-many-requests')
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
    await pages[0]?.leave()
    await until('there is room again', async () => (await listen({ key })).status === 200)
  })

  test('more than twenty streams of a key, whoever has signed in with it', async () => {
    const key = await addApiKey(admin.stores, { scopes: ['read'] })
    const [one, two] = [await signIn(admin.api, key), await signIn(admin.api, key)]
    const pages = await Promise.all(
      Array.from({ length: 20 }, (_, n) => listen({ cookie: (n % 2 ? one : two).cookie })),
    )
    expect(pages.map(({ status }) => status)).toEqual(Array(20).fill(200))
    const third = await signIn(admin.api, key)
    expectProblem(await third.call(EVENTS), 429, 'too-many-requests')
    expectProblem(await admin.api.call(EVENTS, { key }), 429, 'too-many-requests')
    expect((await listen()).status).toBe(200)
  })

  test('a key that watches more than its share', async () => {
    const key = await addApiKey(admin.stores, { scopes: ['read'] })
    const messages = Array.from({ length: 50 }, (_, n) => idOf(n))
    const pages = await Promise.all(Array.from({ length: 10 }, () => listen({ key, messages })))
    expect(pages.map(({ status }) => status)).toEqual(Array(10).fill(200))
    const one = `${EVENTS}?messages=${idOf(1)}`
    expectProblem(await admin.api.call(one, { key }), 429, 'too-many-requests')
    expect((await listen({ key })).status).toBe(200)
    expect((await listen({ messages })).status).toBe(200)
  })

  test.each([
    ['what is no id', 'messages=abc'],
    ['more than fifty', `messages=${Array.from({ length: 51 }, (_, n) => idOf(n)).join(',')}`],
    ['an unknown field', 'message=x'],
  ])('%s', async (_, query) => {
    expectProblem(await admin.api.call(`${EVENTS}?${query}`), 400, 'invalid-request')
  })

  test('whoever has no key, or one without read', async () => {
    const key = await addApiKey(admin.stores, { scopes: ['send', 'operate', 'admin'] })
    expectProblem(await admin.api.call(EVENTS, { key }), 403, 'forbidden')
    expectProblem(await admin.api.call(EVENTS, { key: null }), 401, 'unauthorized')
  })

  test('to hold up who asks for the head alone', async () => {
    const answer = await admin.api.call(EVENTS, { method: 'HEAD' })
    expect(answer.status).toBe(200)
  })
})

function idOf(n: number): string {
  return `01900000-0000-7000-8000-${String(n).padStart(12, '0')}`
}
