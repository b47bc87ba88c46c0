import { beforeAll, expect, test } from '@jest/globals'
import type { MessageResponse } from '@sms-gateway/contracts/message-response'
import { describeEachBackend } from '../../all-in-one/test-support/backends.ts'
import { cleanUpAfterAll } from '../../all-in-one/test-support/clean-up.ts'
import { newPhone, newText } from '../../all-in-one/test-support/people.ts'
import { until } from '../../all-in-one/test-support/until.ts'
import type { Gateway } from '../../all-in-one/test-support/world.ts'
import { runGateway, startGateway } from '../../all-in-one/test-support/world.ts'

type Person = ReturnType<typeof newPhone>

interface Confirmation {
  client_id: string
  message_type: string
  customer_id: string | null
  exempt_from_opt_out: boolean
  status: string
}

describeEachBackend((backend) => {
  const cleanUp = cleanUpAfterAll()
  let gateway: Gateway
  beforeAll(async () => {
    gateway = await startGateway(backend, cleanUp)
  })

  const sendTo = async (person: Person, type = 'promotion', more = {}): Promise<MessageResponse> =>
    gateway.api.send({ phone: person.local, message: newText(), message_type: type, ...more })

  const meet = async (person: Person) => {
    const { id } = await sendTo(person, 'order_confirmation', { customer_id: 'C-7' })
    return gateway.api.untilStatus(id, 'delivered')
  }

  /** Resolves when all that was written is applied. */
  const say = async (person: Person, ...bodies: string[]) => {
    const references: string[] = []
    for (const body of bodies) {
      const answer = await gateway.twilio.sendText({ from: person.e164, body })
      expect(answer.status).toBe(200)
      references.push(answer.reference)
    }
    await untilApplied(references)
    return references
  }

  const untilApplied = (references: readonly string[]) =>
    until('all are applied', async () => {
      const rows = await gateway.stores.query(
        `select from inbound where reference = any($1) and state = 'applied'`,
        [references],
      )
      return rows.length === new Set(references).size
    })

  const findAnswers = (references: readonly string[]) =>
    gateway.stores.query<Confirmation>(
      `select m.client_id, m.message_type, m.customer_id, m.exempt_from_opt_out, m.status
       from message m join inbound i on i.id = m.in_reply_to and i.answer_id = m.id
       where i.reference = any($1) order by m.id`,
      [references],
    )

  /** What the simulated Twilio took for them. */
  const taken = (person: Person) =>
    gateway.twilio.submissions().filter(({ to }) => to === person.e164)

  const untilTaken = (person: Person, words: string) =>
    until(
      `they get "${words}"`,
      () => taken(person).find(({ body }) => body.includes(words)),
      // What a killed dispatcher had is noticed within 15 s, and sent after that.
      60_000,
    )

  const findOptOuts = async (person: Person) => {
    // The number is sealed: the hash comes from a message to it.
    const { id } = await sendTo(person, 'otp')
    return gateway.stores.query<{ kind: string; source: string }>(
      `select o.kind, o.source from opt_out o join message m using (recipient_hash) where m.id = $1`,
      [id],
    )
  }

  test('a word that Twilio does not know: out, one confirmation, nothing more, and back again', async () => {
    const person = newPhone()
    const met = await meet(person)
    const first = await say(person, '「退訂」')
    await untilTaken(person, '您已退訂')
    expect(await findAnswers(first)).toMatchObject([
      {
        ...{ message_type: 'opt_out_confirmation', customer_id: 'C-7' },
        exempt_from_opt_out: true,
      },
    ])
    expect(await findOptOuts(person)).toEqual([{ kind: 'all', source: 'keyword' }])
    const stopped = await sendTo(person)
    await gateway.api.untilStatus(stopped.id, 'suppressed')

    const again = await say(person, '退訂', '退訂。', 'ＳＴＯＰ')
    expect(await findAnswers(again)).toEqual([])
    expect(taken(person).filter(({ body }) => body.includes('退訂'))).toHaveLength(1)
    expect(taken(person).filter(({ body }) => body.includes('【幸福氣】您已退訂'))).toHaveLength(1)

    const back = await say(person, '恢復')
    await untilTaken(person, '您已恢復')
    expect(await findAnswers(back)).toMatchObject([
      { message_type: 'opt_in_confirmation', exempt_from_opt_out: false },
    ])
    expect(await findOptOuts(person)).toEqual([])
    const promotion = await sendTo(person)
    await gateway.api.untilStatus(promotion.id, 'delivered')
    const rows = await gateway.stores.query(
      `select message_id, customer_id from inbound where reference = $1`,
      [first[0]],
    )
    expect(rows).toEqual([{ message_id: met.id, customer_id: 'C-7' }])
  })

  test('a word that Twilio answers itself is done, and we add nothing', async () => {
    const person = newPhone()
    await meet(person)
    const references = await say(person, 'stop')
    expect(await findOptOuts(person)).toHaveLength(1)
    expect(await findAnswers(references)).toEqual([])
    const typed = await gateway.twilio.sendText({
      ...{ from: person.e164, body: '我要回來', optOutType: 'START' },
    })
    await untilApplied([typed.reference])
    expect(await findOptOuts(person)).toEqual([])
    expect(await findAnswers([typed.reference])).toEqual([])
  })

  test('the same word by the relay is confirmed in its language', async () => {
    const person = newPhone()
    await meet(person)
    const { reference } = await gateway.chunghwa.sendText({
      from: person.local,
      body: 'Unsubscribe',
    })
    await untilApplied([reference])
    await untilTaken(person, 'You are unsubscribed')
    expect(await findOptOuts(person)).toHaveLength(1)
  })

  test('told twenty times at once, it is one opt-out and one confirmation', async () => {
    const person = newPhone()
    await meet(person)
    const reference = `SM${'e'.repeat(31)}${backend === 'redis' ? 1 : 0}`
    const tell = () => gateway.twilio.sendText({ from: person.e164, body: '拒收', reference })
    await Promise.all(Array.from({ length: 20 }, tell))
    // The same word in other texts, too.
    const others = await Promise.all(
      Array.from({ length: 10 }, () => gateway.twilio.sendText({ from: person.e164, body: 'N' })),
    )
    const all = [reference, ...others.map((answer) => answer.reference)]
    await untilApplied(all)
    expect(await findAnswers(all)).toHaveLength(1)
    await untilTaken(person, '您已退訂')
    expect(taken(person).filter(({ body }) => body.includes('您已退訂'))).toHaveLength(1)
    expect(await findOptOuts(person)).toHaveLength(1)
  })

  test('who never got anything from us is put on the list too, and told so', async () => {
    const person = newPhone()
    const references = await say(person, '取消訂閱')
    await untilTaken(person, '您已退訂')
    expect(await findOptOuts(person)).toHaveLength(1)
    const [row] = await gateway.stores.query<{ name: string }>(
      `select c.name from message m join api_client c on c.id = m.client_id
       join inbound i on i.answer_id = m.id where i.reference = $1`,
      [references[0]],
    )
    expect(row?.name).toBe('gateway')
  })

  test('help is given, though not again within the hour, and not to our own number', async () => {
    const person = newPhone()
    await meet(person)
    const references = await say(person, '說明', '說明', ' 說明！')
    expect(await findAnswers(references)).toMatchObject([{ message_type: 'help_answer' }])
    await untilTaken(person, '簡訊服務')
    const own = await gateway.twilio.sendText({ from: '+15005550006', body: '說明' })
    await untilApplied([own.reference])
    expect(await findAnswers([own.reference])).toEqual([])
  })

  test('"STOP please" and what is no word stops nobody', async () => {
    const person = newPhone()
    await meet(person)
    const references = await say(person, 'STOP please', '不要停止', '', '\u200b', '👍')
    expect(await findOptOuts(person)).toEqual([])
    expect(await findAnswers(references)).toEqual([])
  })

  test('a START that comes late undoes no later STOP', async () => {
    const person = newPhone()
    await meet(person)
    const [start] = await say(person, '恢復')
    await say(person, '退訂')
    await gateway.stores.query(
      `update inbound set state = 'new', keyword = null where reference = $1`,
      [start],
    )
    await untilApplied([start ?? ''])
    expect(await findOptOuts(person)).toHaveLength(1)
  })

  test('a request cannot ask for the exemption', async () => {
    const person = newPhone()
    await say(person, '退訂')
    const sent = await sendTo(person, 'opt_out_confirmation')
    await gateway.api.untilStatus(sent.id, 'suppressed')
    const answer = await gateway.api.call('/api/v1/sms/send', {
      body: {
        ...{ phone: person.local, message: 'x', message_type: 'opt_out_confirmation' },
        exempt_from_opt_out: true,
      },
    })
    expect(answer.status).toBe(400)
  })

  test('killed right behind its answers, it does each word once when it is back', async () => {
    const people = Array.from({ length: 15 }, newPhone)
    const told = await Promise.all(
      people.map(({ e164 }) => gateway.twilio.sendText({ from: e164, body: '退訂' })),
    )
    await gateway.process.kill()
    gateway = { ...gateway, process: await runGateway(gateway, cleanUp) }
    // Twilio was answered, and tells some of it again all the same.
    await Promise.all(
      told.slice(0, 5).map(({ reference }, index) =>
        gateway.twilio.sendText({
          ...{ from: people[index]?.e164 ?? '', body: '退訂', reference },
        }),
      ),
    )
    const references = told.map(({ reference }) => reference)
    await untilApplied(references)
    expect(await findAnswers(references)).toHaveLength(people.length)
    for (const person of people) {
      await untilTaken(person, '您已退訂')
      expect(taken(person)).toHaveLength(1)
    }
  })
})
