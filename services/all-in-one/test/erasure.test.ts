import { beforeAll, expect, test } from '@jest/globals'
import { MessageResponse } from '@sms-gateway/contracts/message-response'
import { ErasureResponse, SubjectResponse } from '@sms-gateway/contracts/subjects'
import { connectDatabase } from '@sms-gateway/db/connect'
import { recordConsent } from '@sms-gateway/db/consents'
import { Phone } from '@sms-gateway/domain/phone'
import { describeEachBackend } from '../test-support/backends.ts'
import { cleanUpAfterAll } from '../test-support/clean-up.ts'
import { createMishaps } from '../test-support/mishaps.ts'
import { findLeaks } from '../test-support/needles.ts'
import { newPhone, newText } from '../test-support/people.ts'
import { readEverything, vaultOf } from '../test-support/personal-data.ts'
import { post } from '../test-support/post.ts'
import { expectProblem } from '../test-support/problems.ts'
import { signTwilio } from '../test-support/signatures.ts'
import { until } from '../test-support/until.ts'
import { type Gateway, startGateway } from '../test-support/world.ts'

/** Statistics keep it: it is the producer's own name for whom it sends for, which must not be a number. */
const CUSTOMER = 'C-4711'
const TOMORROW = () => new Date(Date.now() + 86_400_000).toISOString()

describeEachBackend((backend) => {
  const cleanUp = cleanUpAfterAll()
  let gateway: Gateway
  beforeAll(async () => {
    const env = { LOG_LEVEL: 'trace', SMS_PROVIDER_TIMEOUT_MS: '120000' }
    gateway = await startGateway(backend, cleanUp, { env })
  })

  test('erases a person from everything, whatever their messages are at, and nothing comes back', async () => {
    const { api, twilio, stores, variables } = gateway
    const vault = vaultOf(variables)
    const during = createMishaps(twilio)
    const [person, bystander] = [newPhone(), newPhone()]
    const texts = { person: '瓦斯訂單 私人', bystander: newText(), note: 'gate code 7788' }
    let count = 0
    const send = (change = {}, headers = {}) => {
      const request = {
        phone: person.local,
        message: `${texts.person} ${count++}`,
        customer_id: CUSTOMER,
        metadata: { note: texts.note },
      }
      return api.send({ ...request, ...change }, headers)
    }
    const erase = async () => {
      const answer = await api.call(`/api/v1/sms/subjects/${person.local}`, { method: 'DELETE' })
      expect([200, 202]).toContain(answer.status)
      return ErasureResponse.parse(answer.json)
    }
    const readExport = async () => {
      const path = `/api/v1/sms/subjects/${encodeURIComponent(person.e164)}`
      return SubjectResponse.parse((await api.call(path)).json)
    }

    // Everything a person can have with us, at each stage of a message's life.
    const keyed = { 'idempotency-key': `order-of-${person.local}` }
    const delivered = await send({ message: texts.person }, keyed)
    await api.untilStatus(delivered.id, 'delivered')
    const other = await api.send({ phone: bystander.local, message: texts.bystander })
    await api.untilStatus(other.id, 'delivered')
    await receiveText(gateway, person.e164, `${texts.person} 回覆`)
    const db = connectDatabase({ url: stores.databaseUrl, poolSize: 1 })
    cleanUp(() => db.destroy())
    const consent = { channel: 'sms', kind: 'marketing', source: 'form', wordingVersion: '1' }
    await recordConsent(
      db,
      vault,
      {
        ...consent,
        ...{ phone: Phone.parse(person.e164), granted: true, proof: texts.note, actor: null },
        kind: 'marketing',
      },
      new Date(),
    )
    const scheduled = await send({ schedule_at: TOMORROW() })
    const doubtful = await during({ loseAnswerRate: 1, receipts: { lostRate: 1 } }, async () => {
      const { id } = await send()
      return api.untilMessage(id, ({ in_doubt: inDoubt }) => inDoubt)
    })
    const sent = await during({ receipts: { lostRate: 1 } }, async () => {
      const { id } = await send()
      return api.untilStatus(id, 'sent')
    })
    await addOptOut(stores, vault.hash(person.e164))

    const before = await readEverything(stores, vault)
    const secrets = {
      number: person.local.slice(1),
      'number in E.164': person.e164.slice(1),
      text: texts.person,
      note: texts.note,
    }
    expect(findLeaks(before, secrets)).toHaveLength(4)
    const exported = await readExport()
    expect(exported).toMatchObject({
      phone: person.e164,
      consents: [{ granted: true, proof: texts.note }],
      inbound: [{ message: `${texts.person} 回覆` }],
      erasures: [],
    })
    const ofFirst = exported.messages.find(({ message }) => message.id === delivered.id)
    expect(ofFirst).toMatchObject({
      message: { phone: person.e164, message: `【幸福氣】${texts.person}` },
      attempts: [{ number: 1, provider: 'twilio', state: 'accepted' }],
    })
    expect(ofFirst?.receipts.map(({ body }) => body).join()).toContain('MessageStatus=delivered')

    // One is on its way to the provider when the person is erased.
    await stores.query('delete from opt_out')
    const erasing = await during({ holdAnswers: true, receipts: { lostRate: 1 } }, async () => {
      const { id } = await send()
      await api.untilMessage(id, ({ events }) => events.some(({ provider }) => provider))
      await addOptOut(stores, vault.hash(person.e164))
      const erasure = await erase()
      expect(erasure.state).toBe('erasing')
      expect(await api.find(id)).toMatchObject({ phone: null, message: null })
      expect(await api.find(scheduled.id)).toMatchObject({ status: 'cancelled', phone: null })
      twilio.setScript({ holdAnswers: false })
      await api.untilStatus(id, 'sent')
      return { id, erasure }
    })
    await until('it is erased', async () => (await erase()).state === 'erased')

    // What was under way still tells what became of it.
    await receiveReceipt(gateway, sent.provider_message_id ?? '', person.e164)
    expect(await api.untilStatus(sent.id, 'delivered')).toMatchObject({ phone: null })
    expect(await api.find(doubtful.id)).toMatchObject({ status: 'unknown', phone: null })
    const first = await api.find(delivered.id)
    expect(first).toMatchObject({
      status: 'delivered',
      phone: null,
      message: null,
      customer_id: null,
      metadata: null,
      warnings: [{ code: 'erased' }],
    })
    // The same proof, and nothing left.
    const proof = await erase()
    expect(proof).toMatchObject({ id: erasing.erasure.id, state: 'erased', inbound: 1 })
    expect(proof.cancelled).toBe(2)
    expect(proof.messages).toBe(5)
    const repeated = await api.call('/api/v1/sms/send', {
      body: {
        ...{ phone: person.local, message: texts.person, message_type: 'order_confirmation' },
        ...{ customer_id: CUSTOMER, metadata: { note: texts.note } },
      },
      headers: keyed,
    })
    expect(MessageResponse.parse(repeated.json)).toMatchObject({ id: delivered.id, phone: null })

    const places = {
      tables: await readEverything(stores, vault),
      queue: await stores.dumpQueue(),
      log: gateway.process.output(),
    }
    for (const [place, text] of Object.entries(places)) {
      expect({ place, leaks: findLeaks(text, secrets) }).toEqual({ place, leaks: [] })
    }
    expect(await readExport()).toMatchObject({
      opt_outs: [{ kind: 'all' }],
      consents: [],
      inbound: [],
      messages: [],
      erasures: [{ id: proof.id }],
    })
    expect(twilio.submissions().filter(({ to }) => to === person.e164)).toHaveLength(4)

    // Still opted out, by the hash alone; everybody else is as they were.
    const again = await send()
    expect(
      again.status === 'suppressed' || (await api.untilStatus(again.id, 'suppressed')),
    ).toBeTruthy()
    expect(await api.find(other.id)).toMatchObject({ phone: bystander.e164 })
  })

  test('answers of somebody of whom nothing is held, and refuses what is no number', async () => {
    const { api } = gateway
    const path = `/api/v1/sms/subjects/${newPhone().local}`
    const answer = await api.call(path, { method: 'DELETE' })
    expect(answer).toMatchObject({ status: 200, json: { state: 'erased', messages: 0 } })
    expect((await api.call(path, { method: 'DELETE' })).json).toEqual(answer.json)
    expectProblem(await api.call('/api/v1/sms/subjects/48'), 422, 'phone-invalid')
    expectProblem(await api.call(path, { key: null }), 401, 'unauthorized')
  })
})

async function addOptOut(stores: Gateway['stores'], hash: Buffer): Promise<void> {
  await stores.query(
    `insert into opt_out (recipient_hash, channel, kind, source) values ($1, 'sms', 'all', 'operator')`,
    [hash],
  )
}

async function receiveText({ url, stores }: Gateway, from: string, text: string): Promise<void> {
  await postAsTwilio(url, '/sms/inbound/twilio', {
    ...{ MessageSid: `SM${'a'.repeat(32)}`, AccountSid: `AC${'0'.repeat(32)}` },
    ...{ From: from, To: '+15005550006', Body: text, NumMedia: '0' },
  })
  await until('the text is applied', async () => {
    const rows = await stores.query(`select from inbound where state = 'applied'`)
    return rows.length === 1
  })
}

async function receiveReceipt({ url }: Gateway, sid: string, to: string): Promise<void> {
  await postAsTwilio(url, '/sms/delivery/twilio', {
    ...{ MessageSid: sid, MessageStatus: 'delivered', To: to },
  })
}

async function postAsTwilio(
  url: string,
  path: string,
  params: Record<string, string>,
): Promise<void> {
  const signature = signTwilio(`${url}/api/v1${path}`, params)
  const body = new URLSearchParams(params).toString()
  const answer = await post(`${url}/api/v1${path}`, body, { 'x-twilio-signature': signature })
  expect(answer.status).toBe(200)
}
