import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { ExperimentResponse } from '@sms-gateway/contracts/experiments'
import { TemplateResponse } from '@sms-gateway/contracts/templates'
import { connectDatabase, type Db } from '@sms-gateway/db/connect'
import { judgeExperiments } from '@sms-gateway/scheduler/judge-experiments'
import { createLogger } from '@sms-gateway/service-kit/logger'
import { describeEachBackend } from '../test-support/backends.ts'
import { cleanUpAfterAll } from '../test-support/clean-up.ts'
import { newPhone } from '../test-support/people.ts'
import { until } from '../test-support/until.ts'
import { type Gateway, startGateway } from '../test-support/world.ts'

const TEMPLATES = '/api/v1/sms/templates'
const PEOPLE = 60
const HOUR = 3_600_000

interface Row {
  id: string
  variant: string
  held_out: boolean
  experiment_id: string | null
  recipient_hash: Buffer
}

describeEachBackend((backend) => {
  const cleanUp = cleanUpAfterAll()
  let gateway: Gateway
  let db: Db
  beforeAll(async () => {
    gateway = await startGateway(backend, cleanUp)
    db = connectDatabase({ url: gateway.stores.databaseUrl, poolSize: 4 })
  })
  afterAll(() => db.destroy())

  const call = async (path: string, body?: unknown) => {
    const answer = await gateway.api.call(`${TEMPLATES}${path}`, body === undefined ? {} : { body })
    if (answer.status >= 300) throw new Error(`refused with ${answer.status}: ${answer.text}`)
    return answer.json
  }
  const readExperiment = async (code: string) =>
    ExperimentResponse.parse(await call(`/${code}/experiment`))
  const readTemplate = async (code: string) => TemplateResponse.parse(await call(`/${code}`))

  async function makeTemplate(code: string): Promise<void> {
    const body = { code, name: 'x', weight: 50 }
    await call('', { ...body, variant: 'A', content: `${code} A {n}` })
    await call('', { ...body, variant: 'B', content: `${code} B {n}` })
  }

  /** As the scheduler does by the clock; at `later` all outcomes are in, and it is time to look again. */
  const later = new Date(Date.now() + 25 * HOUR)
  const look = (now = later) =>
    judgeExperiments({ db, now: () => now, logger: createLogger('test', 'silent') })

  const send = async (code: string, phones: readonly string[]) => {
    const sent = await Promise.all(
      phones.map((phone, n) =>
        gateway.api.call('/api/v1/sms/send', {
          body: { phone, template_code: code, template_data: { n }, message_type: 'promotion' },
        }),
      ),
    )
    expect(new Set(sent.map(({ status }) => status))).toEqual(new Set([202]))
  }

  const readRows = (code: string) =>
    gateway.stores.query<Row>(
      `select id, variant, held_out, experiment_id, recipient_hash from message where template_code = $1 order by id`,
      [code],
    )

  test('a test is sent, counted, decided, and its winner promoted by itself, once', async () => {
    const code = 'sent'
    await makeTemplate(code)
    const phones = Array.from({ length: PEOPLE }, () => newPhone().local)
    await send(code, phones.slice(0, 3))
    const { id } = ExperimentResponse.parse(
      await call(`/${code}/experiment`, { hold_out: 0.3, control: 'A', auto_promote: true }),
    )
    await until('the test is in force', async () => {
      await send(code, [newPhone().local])
      return (await readRows(code)).at(-1)?.experiment_id === id
    })
    const before = (await readRows(code)).length
    await send(code, phones)
    await send(code, phones)
    const counts = () =>
      gateway.stores.query(
        `select from message where template_code = $1 and status <> 'delivered'`,
        [code],
      )
    await until('all are delivered', async () => (await counts()).length === 0)

    const rows = (await readRows(code)).slice(before)
    expect(rows).toHaveLength(2 * PEOPLE)
    expect(new Set(rows.map((row) => row.experiment_id))).toEqual(new Set([id]))
    const groups = new Map(rows.map((row) => [row.recipient_hash.toString('hex'), row]))
    for (const { recipient_hash: hash, variant, held_out: heldOut } of rows) {
      // One person is always in one group.
      expect(groups.get(hash.toString('hex'))).toMatchObject({ variant, held_out: heldOut })
      if (heldOut) expect(variant).toBe('A')
    }
    const held = [...groups.values()].filter((row) => row.held_out).length
    expect(held).toBeGreaterThan(PEOPLE * 0.05)
    expect(held).toBeLessThan(PEOPLE * 0.6)
    const sentTexts = gateway.twilio.submissions().map(({ body }) => body)
    const ofB = rows.filter(({ variant }) => variant === 'B').length
    expect(sentTexts.filter((text) => text.includes(`${code} B`)).length).toBeGreaterThanOrEqual(
      ofB,
    )

    // Nothing is settled yet, and all the same is nobody's victory.
    const early = await readExperiment(code)
    expect(early.results.variants.map(({ settled }) => settled)).toEqual([0, 0])
    expect(await look()).toBe(1)
    expect((await readTemplate(code)).version).toBe(2)

    // What a receipt would have said of A.
    await gateway.stores.query(
      `update message set status = 'undelivered', delivered_at = null where experiment_id = $1 and variant = 'A'
         and not held_out`,
      [id],
    )
    expect(await look()).toBe(0)
    const again = new Date(later.getTime() + HOUR)
    expect((await Promise.all([look(again), look(again)])).toSorted()).toEqual([0, 1])
    expect(await readTemplate(code)).toMatchObject({
      version: 3,
      author: `experiment:${id}`,
      variants: [
        { variant: 'A', weight: 0 },
        { variant: 'B', weight: 100 },
      ],
    })
    expect(await readExperiment(code)).toMatchObject({
      winner: 'B',
      decided_at: expect.any(String),
      end_reason: 'promoted',
    })
    expect(await look(new Date(later.getTime() + 2 * HOUR))).toBe(0)
    expect((await readTemplate(code)).version).toBe(3)
  })

  test('a winner that is found stays found, and waits for an operator unless it was to promote itself', async () => {
    const code = 'kept'
    await makeTemplate(code)
    const { id } = ExperimentResponse.parse(await call(`/${code}/experiment`, {}))
    await until('the test is in force', async () => {
      await send(code, [newPhone().local])
      return (await readRows(code)).at(-1)?.experiment_id === id
    })
    await send(
      code,
      Array.from({ length: PEOPLE }, () => newPhone().local),
    )
    const settle = (better: string) =>
      gateway.stores.query(
        `update message set status = case variant when $2 then 'delivered' else 'undelivered' end, claimed_by = null,
           sent_at = now(), delivered_at = case variant when $2 then now() end where experiment_id = $1`,
        [id, better],
      )
    await until('all are delivered', async () => {
      const open = await gateway.stores.query(
        `select from message where experiment_id = $1 and status <> 'delivered'`,
        [id],
      )
      return open.length === 0
    })
    await settle('A')
    expect(await look()).toBe(1)
    expect(await readExperiment(code)).toMatchObject({ winner: 'A', ended_at: null })
    await settle('B')
    expect(await look(new Date(later.getTime() + HOUR))).toBe(1)
    expect(await readExperiment(code)).toMatchObject({ winner: 'A', ended_at: null })
    expect(await readTemplate(code)).toMatchObject({ version: 2 })
    const promoted = TemplateResponse.parse(await call(`/${code}/promote`, {}))
    expect(promoted.variants).toMatchObject([{ weight: 100 }, { weight: 0 }])
  })
})
