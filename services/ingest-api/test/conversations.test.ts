import { beforeAll, expect, test } from '@jest/globals'
import {
  ConversationResponse,
  InboundListResponse,
  KeywordAnswersResponse,
  ReplyResponse,
} from '@sms-gateway/contracts/conversations'
import { addApiKey } from '../../all-in-one/test-support/api-keys.ts'
import { describeEachBackend } from '../../all-in-one/test-support/backends.ts'
import { cleanUpAfterAll } from '../../all-in-one/test-support/clean-up.ts'
import { newPhone, newText } from '../../all-in-one/test-support/people.ts'
import { until } from '../../all-in-one/test-support/until.ts'
import type { Gateway } from '../../all-in-one/test-support/world.ts'
import { startGateway } from '../../all-in-one/test-support/world.ts'

const SMS = '/api/v1/sms'

describeEachBackend((backend) => {
  const cleanUp = cleanUpAfterAll()
  let gateway: Gateway
  let shopKey: string
  let otherKey: string
  beforeAll(async () => {
    gateway = await startGateway(backend, cleanUp)
    const scopes = ['send', 'read', 'templates']
    shopKey = await addApiKey(gateway.stores, { client: 'shop', scopes })
    otherKey = await addApiKey(gateway.stores, { client: 'other', scopes })
  })

  type Person = ReturnType<typeof newPhone>

  const meet = async ({ local }: Person, customer: string, key = shopKey) => {
    const body = { message_type: 'order_confirmation', customer_id: customer }
    const answer = await gateway.api.call(`${SMS}/send`, {
      body: { ...body, phone: local, message: newText() },
      key,
    })
    const { id } = ReplyResponse.partial().parse(answer.json)
    await gateway.api.untilStatus(id ?? '', 'delivered')
    return id
  }

  const say = async ({ e164 }: Person, body: string) => {
    const { reference } = await gateway.twilio.sendText({ from: e164, body })
    const [row] = await until('it is applied', async () => {
      const rows = await gateway.stores.query<{ id: string }>(
        `select id from inbound where reference = $1 and state = 'applied'`,
        [reference],
      )
      return rows.length === 1 && rows
    })
    return row?.id ?? ''
  }

  const converse = async (person: Person, query = '', key = shopKey) => {
    const path = `${SMS}/conversations/${encodeURIComponent(person.e164)}${query}`
    const answer = await gateway.api.call(path, { key })
    expect(answer.status).toBe(200)
    return ConversationResponse.parse(answer.json)
  }

  const listInbound = async (query: string, key = shopKey) => {
    const answer = await gateway.api.call(`${SMS}/inbound${query}`, { key })
    expect(answer.status).toBe(200)
    return InboundListResponse.parse(answer.json)
  }

  const reply = (
    { local }: Person,
    body: Record<string, unknown>,
    { key = shopKey, headers = {} } = {},
  ) => gateway.api.call(`${SMS}/conversations/${local}/reply`, { body, key, headers })

  test('shows both directions in order, and an answer that names what it answers', async () => {
    const person = newPhone()
    const met = await meet(person, 'C-1')
    const asked = await say(person, '什麼時候到？🚚')
    const answer = await reply(person, { message: '下午三點' })
    expect(answer.status).toBe(202)
    const replied = ReplyResponse.parse(answer.json)
    expect(replied).toMatchObject({
      ...{ phone: person.e164, message: '【幸福氣】下午三點', message_type: 'reply' },
      ...{ customer_id: 'C-1', in_reply_to: asked },
    })
    await gateway.api.untilStatus(replied.id, 'delivered')
    const thanks = await say(person, '謝謝')

    const all = await converse(person)
    expect(all).toMatchObject({ phone: person.e164, opted_out: false, next_cursor: null })
    expect(all.data).toMatchObject([
      { direction: 'outbound', id: met, status: 'delivered', customer_id: 'C-1' },
      { direction: 'inbound', id: asked, message: '什麼時候到？🚚', customer_id: 'C-1' },
      { direction: 'outbound', id: replied.id, in_reply_to: asked, message_type: 'reply' },
      { direction: 'inbound', id: thanks, message: '謝謝', keyword: null },
    ])
    const pages: string[] = []
    let cursor: string | null = ''
    while (cursor !== null) {
      const page = await converse(person, `?limit=1${cursor && `&cursor=${cursor}`}`)
      pages.push(...page.data.map(({ id }) => id))
      cursor = page.next_cursor
    }
    expect(pages).toEqual(all.data.map(({ id }) => id))

    const { data } = await listInbound(`?phone=${person.local}`)
    expect(data).toMatchObject([
      { id: thanks, message_id: replied.id, provider: 'twilio' },
      { id: asked, message_id: met, phone: person.e164, to: '+15005550006' },
    ])
  })

  test('lists with filters, in pages', async () => {
    const [one, two] = [newPhone(), newPhone()]
    await meet(one, 'C-2')
    await meet(two, 'C-3')
    const said = [await say(one, '一'), await say(two, '退訂'), await say(one, '二')]
    const newestFirst = said.toReversed()
    const page = await listInbound('?limit=2')
    expect(page.data.map(({ id }) => id)).toEqual(newestFirst.slice(0, 2))
    const next = await listInbound(`?limit=1&cursor=${page.next_cursor ?? ''}`)
    expect(next.data.map(({ id }) => id)).toEqual(newestFirst.slice(2))
    const idsOf = async (query: string) => (await listInbound(query)).data.map(({ id }) => id)
    expect(await idsOf(`?id=${said[1] ?? ''}`)).toEqual([said[1]])
    expect(await idsOf('?keyword=stop&customer_id=C-3')).toEqual([said[1]])
    expect(await idsOf(`?phone=${two.local}&provider=twilio`)).toEqual([said[1]])
    expect(await idsOf('?customer_id=C-2')).toEqual([said[2], said[0]])
    expect(await idsOf('?start_date=2020-01-01&end_date=2020-12-31')).toEqual([])
    expect((await converse(two)).opted_out).toBe(true)
    for (const wrong of [
      '?id=x',
      '?status=sent',
      '?phone=x',
      '?cursor=x',
      '?keyword=x',
      '?limit=0',
    ]) {
      const answer = await gateway.api.call(`${SMS}/inbound${wrong}`, { key: shopKey })
      expect({ wrong, status: answer.status }).toEqual({ wrong, status: 400 })
    }
  })

  test('a client sees and answers its own conversations alone, unless its key has admin', async () => {
    const person = newPhone()
    await meet(person, 'C-4')
    const id = await say(person, '只給店家')
    const foreign = await converse(person, '', otherKey)
    expect(foreign).toMatchObject({ data: [], opted_out: null })
    expect((await listInbound(`?phone=${person.local}`, otherKey)).data).toEqual([])
    const refused = await reply(person, { message: 'x', in_reply_to: id }, { key: otherKey })
    expect(refused).toMatchObject({ status: 404, json: { code: 'inbound-not-found' } })
    // The key of the tests has every scope.
    const [found] = InboundListResponse.parse(
      (await gateway.api.call(`${SMS}/inbound?phone=${person.local}`)).json,
    ).data
    expect(found?.id).toBe(id)
    // Whoever wrote last to a number is written to next.
    await meet(person, 'X-1', otherKey)
    const later = await say(person, '給另一家')
    expect((await listInbound(`?phone=${person.local}`, otherKey)).data).toMatchObject([
      { id: later, customer_id: 'X-1' },
    ])
    expect((await converse(person)).data.map((turn) => turn.id)).not.toContain(later)
    expect((await converse(person, '', otherKey)).opted_out).toBe(false)
    expect((await converse(person, `?cursor=${later}`, otherKey)).opted_out).toBe(false)
  })

  test('asks for a scope', async () => {
    const key = await addApiKey(gateway.stores, { client: 'shop', scopes: ['templates'] })
    const person = newPhone()
    expect((await gateway.api.call(`${SMS}/inbound`, { key })).status).toBe(403)
    expect((await gateway.api.call(`${SMS}/inbound`, { key: null })).status).toBe(401)
    const path = `${SMS}/conversations/${person.local}`
    expect((await gateway.api.call(path, { key })).status).toBe(403)
    expect((await reply(person, { message: 'x' }, { key })).status).toBe(403)
  })

  test('a reply falls under every gate of a send', async () => {
    const person = newPhone()
    await meet(person, 'C-5')
    const first = await say(person, '你好')
    const headers = { 'idempotency-key': `reply-${person.local}` }
    const body = { message: '您好', in_reply_to: first }
    const answers = [await reply(person, body, { headers }), await reply(person, body, { headers })]
    expect(answers.map(({ status }) => status)).toEqual([202, 202])
    expect(answers[1]?.json).toEqual(answers[0]?.json)
    expect(answers[1]?.headers.get('idempotency-replayed')).toBe('true')
    // The same key and text to another number is another request.
    const other = newPhone()
    await meet(other, 'C-5')
    await say(other, '你好')
    const reused = await reply(other, { message: '您好' }, { headers })
    expect(reused).toMatchObject({ status: 409, json: { code: 'idempotency-key-reused' } })

    await say(person, '退訂')
    const stopped = ReplyResponse.parse((await reply(person, { message: '等等' })).json)
    expect(stopped.status).toBe('suppressed')
    const wrong: [Record<string, unknown>, number, string][] = [
      [{}, 400, 'invalid-request'],
      [{ message: 'x', phone: other.local }, 400, 'invalid-request'],
      [{ message: 'x', template_code: 'y' }, 400, 'invalid-request'],
      [{ template_code: 'never_made' }, 422, 'template-not-found'],
      [{ message: '長'.repeat(1_000) }, 422, 'text-too-long'],
      [{ message: 'x', in_reply_to: stopped.id }, 404, 'inbound-not-found'],
    ]
    for (const [each, status, code] of wrong) {
      expect(await reply(person, each)).toMatchObject({ status, json: { code } })
    }
    expect(await reply(newPhone(), { message: 'x' })).toMatchObject({
      ...{ status: 404, json: { code: 'inbound-not-found' } },
    })
    const nobody = await gateway.api.call(`${SMS}/conversations/nobody`, { key: shopKey })
    expect(nobody).toMatchObject({ status: 422, json: { code: 'phone-invalid' } })
  })

  test('a word of the client is answered with its text, once within the hour', async () => {
    const set = (word: string, message: unknown, key = shopKey) =>
      gateway.api.call(`${SMS}/keyword-answers/${encodeURIComponent(word)}`, {
        ...{ method: 'PUT', body: { message }, key },
      })
    const made = await set('「營業時間」', '每天 8 到 20 時')
    expect(made).toMatchObject({ status: 200, json: { word: '營業時間' } })
    await set('price', '一桶 800 元')
    const wrong: [string, unknown, number, string][] = [
      ['STOP', 'x', 422, 'keyword-reserved'],
      ['退訂！', 'x', 422, 'keyword-reserved'],
      ['?!', 'x', 422, 'keyword-invalid'],
      ['x'.repeat(31), 'x', 422, 'keyword-invalid'],
      ['price', '', 400, 'invalid-request'],
      ['price', '長'.repeat(900), 422, 'text-too-long'],
    ]
    for (const [word, text, status, code] of wrong) {
      expect(await set(word, text)).toMatchObject({ status, json: { code } })
    }
    const list = async (query: string, key = shopKey) =>
      KeywordAnswersResponse.parse(
        (await gateway.api.call(`${SMS}/keyword-answers${query}`, { key })).json,
      )
    const first = await list('?limit=1')
    const second = await list(`?limit=1&cursor=${first.next_cursor ?? ''}`)
    expect([first, second].flatMap(({ data }) => data.map(({ word }) => word))).toEqual([
      ...['PRICE', '營業時間'],
    ])
    expect((await list('', otherKey)).data).toEqual([])

    const person = newPhone()
    await meet(person, 'C-6')
    const asked = await say(person, '營業時間？')
    await say(person, '營業時間')
    await say(person, 'Ｐｒｉｃｅ')
    const { data } = await converse(person)
    const answers = data.filter((turn) => turn.message_type === 'keyword_answer')
    expect(answers).toMatchObject([
      { message: '【幸福氣】每天 8 到 20 時', in_reply_to: asked, customer_id: 'C-6' },
      { message: '【幸福氣】一桶 800 元' },
    ])
    await gateway.api.untilStatus(answers[0]?.id ?? '', 'delivered')
    // Of another client's conversation these are no words.
    const theirs = newPhone()
    await meet(theirs, 'X-2', otherKey)
    await say(theirs, '營業時間')
    expect((await converse(theirs, '', otherKey)).data).toHaveLength(2)

    const remove = () =>
      gateway.api.call(`${SMS}/keyword-answers/PRICE`, { method: 'DELETE', key: shopKey })
    expect([(await remove()).status, (await remove()).status]).toEqual([204, 404])
  })

  test('who reads a conversation is in the audit, and no number in the log', async () => {
    const person = newPhone()
    await meet(person, 'C-8')
    await say(person, '祕密的話')
    await converse(person)
    await reply(person, { message: '祕密的回答' })
    const rows = await gateway.stores.query<{ action: string; subject_kind: string }>(
      `select action, subject_kind from audit where action like 'conversation.%' order by seq desc limit 2`,
    )
    expect(rows).toEqual([
      { action: 'conversation.reply', subject_kind: 'recipient' },
      { action: 'conversation.read', subject_kind: 'recipient' },
    ])
    const kept = `${gateway.process.output()}${await gateway.stores.dumpTables()}${await gateway.stores.dumpQueue()}`
    for (const secret of [person.e164.slice(4), '祕密的話', '祕密的回答']) {
      expect(kept).not.toContain(secret)
    }
  })
})
