import { beforeAll, describe, expect, test } from '@jest/globals'
import { ExperimentResponse, ExperimentsResponse } from '@sms-gateway/contracts/experiments'
import { TemplateResponse } from '@sms-gateway/contracts/templates'
import { findExperiment } from '@sms-gateway/db/experiments'
import { addApiKey } from '../../all-in-one/test-support/api-keys.ts'
import { cleanUpAfterAll } from '../../all-in-one/test-support/clean-up.ts'
import { expectProblem } from '../../all-in-one/test-support/problems.ts'
import { createResultsSource } from '../src/experiment-results.ts'
import { createTemplateMaker, enrol } from './experiment-support.ts'
import { type Admin, SMS, startAdmin } from './support.ts'

const cleanUp = cleanUpAfterAll()
let admin: Admin
let make: ReturnType<typeof createTemplateMaker>
beforeAll(async () => {
  admin = await startAdmin(cleanUp)
  make = createTemplateMaker(admin)
})

const call = (path: string, options?: Parameters<Admin['api']['call']>[1]) =>
  admin.api.call(`${SMS}/templates/${path}`, options)
const post = (path: string, body?: unknown) => call(path, { method: 'POST', body })

async function start(
  code: string,
  body: Record<string, unknown> = {},
): Promise<ExperimentResponse> {
  const answer = await post(`${code}/experiment`, body)
  expect({ status: answer.status, text: answer.text }).toMatchObject({ status: 201 })
  return ExperimentResponse.parse(answer.json)
}

async function read(path: string, options = {}): Promise<ExperimentResponse> {
  const answer = await call(path, options)
  expect({ status: answer.status, text: answer.text }).toMatchObject({ status: 200 })
  return ExperimentResponse.parse(answer.json)
}

async function readTemplate(path: string, options = {}): Promise<TemplateResponse> {
  const answer = await call(path, options)
  expect({ status: answer.status, text: answer.text }).toMatchObject({ status: 200 })
  return TemplateResponse.parse(answer.json)
}

describe('a test', () => {
  test('begins with what is in force, and has no results yet', async () => {
    const code = await make({ A: 70, B: 30, off: 0 })
    const experiment = await start(code, { hold_out: 0.1 })
    const none = { count: 0, share: null, low: 0, high: 1 }
    const nobody = {
      messages: 0,
      cost: { amount: '0.00', currency: 'TWD' },
      people: 0,
      settled: 0,
      delivered: none,
      failed: none,
      opted_out: none,
      replied: none,
    }
    expect(experiment).toEqual({
      id: expect.any(String),
      code,
      version: 3,
      metric: 'delivered',
      hold_out: 0.1,
      hold_out_gets: 'control',
      control: 'A',
      alpha: 0.05,
      window_hours: 24,
      auto_promote: false,
      author: admin.keyId,
      started_at: expect.any(String),
      ended_at: null,
      end_reason: null,
      winner: null,
      decided_at: null,
      results: {
        variants: [
          { variant: 'A', weight: 70, ...nobody },
          { variant: 'B', weight: 30, ...nobody },
        ],
        hold_out: { variant: 'A', ...nobody },
        comparisons: [{ better: 'A', worse: 'B', p_value: 1 }],
        split: { p_value: null, mismatch: false },
        complete: true,
        of: 'all',
      },
    })
    expect(await read(`${code}/experiment`)).toEqual(experiment)
  })

  test('runs alone, also when eight are started at once, until it is stopped', async () => {
    const code = await make({ A: 1, B: 1 })
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => post(`${code}/experiment`, {})),
    )
    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, ...Array(7).fill(409)])
    expectProblem(await post(`${code}/experiment`, {}), 409, 'experiment-running')
    const stopped = await read(`${code}/experiment/stop`, { method: 'POST' })
    expect(stopped).toMatchObject({ end_reason: 'stopped', ended_at: expect.any(String) })
    expectProblem(await post(`${code}/experiment/stop`), 409, 'experiment-over')
    const second = await start(code, { metric: 'no-opt-out', control: 'B' })
    expect(second).toMatchObject({ control: 'B', metric: 'no-opt-out' })

    const [first, rest] = [await list(code, '?limit=1'), await list(code)]
    expect(first.data.map(({ id }) => id)).toEqual([second.id])
    expect(rest.data.map(({ id }) => id)).toEqual([second.id, stopped.id])
    const next = await list(code, `?limit=1&cursor=${first.next_cursor}`)
    expect(next).toMatchObject({ data: [{ id: stopped.id }], next_cursor: null })
  })

  const list = async (code: string, query = '') =>
    ExperimentsResponse.parse((await call(`${code}/experiments${query}`)).json)

  test('needs two variants that people get, and a control among them', async () => {
    const one = await make({ A: 1, B: 0 })
    expectProblem(await post(`${one}/experiment`, {}), 422, 'experiment-impossible')
    const two = await make({ A: 1, B: 1, off: 0 })
    for (const control of ['off', 'C']) {
      expectProblem(await post(`${two}/experiment`, { control }), 422, 'experiment-impossible')
    }
    expectProblem(await post('nothing/experiment', {}), 404, 'no-such-template')
    expectProblem(await call('nothing/experiments'), 404, 'no-such-template')
    expectProblem(await call(`${two}/experiment`), 404, 'experiment-not-found')
    expectProblem(await post(`${two}/experiment/stop`), 404, 'experiment-not-found')
  })

  test.each([
    ['metric', 'clicks'],
    ['hold_out', 0.6],
    ['hold_out', -0.1],
    ['hold_out_gets', 'everything'],
    ['alpha', 0],
    ['alpha', 0.5],
    ['window_hours', 0],
    ['window_hours', 1.5],
    ['auto_promote', 'yes'],
    ['control', 'A B'],
    ['unknown', 1],
  ])('is refused with %s %j', async (path, value) => {
    const code = await make({ A: 1, B: 1 })
    const answer = await post(`${code}/experiment`, { [path]: value })
    const { errors } = expectProblem(answer, 400, 'invalid-request')
    expect(errors?.map((each) => each.path)).toEqual([path])
    expectProblem(await call(`${code}/experiment`), 404, 'experiment-not-found')
  })

  test('ends when the template changes, and the answer says so; once', async () => {
    const code = await make({ A: 1, B: 1 })
    await start(code)
    const body = { variant: 'A', weight: 2 }
    const changed = await readTemplate(code, { method: 'PUT', body })
    expect(changed.warnings?.map((each) => each.code)).toEqual(['experiment-ended'])
    expect(await read(`${code}/experiment`)).toMatchObject({ end_reason: 'template-changed' })
    const again = await readTemplate(code, { method: 'PUT', body: { ...body, weight: 3 } })
    expect(again).not.toHaveProperty('warnings')

    await start(code)
    const back = await readTemplate(`${code}/rollback`, { body: { version: 1 } })
    expect(back.warnings).toHaveLength(1)
  })

  test('ends when the template is deleted', async () => {
    const code = await make({ A: 1, B: 1 })
    await start(code)
    expect((await call(code, { method: 'DELETE' })).status).toBe(204)
    expect(await read(`${code}/experiment`)).toMatchObject({ end_reason: 'template-deleted' })
  })
})

describe('results', () => {
  test('count each person once, by the first message, when its window has passed', async () => {
    const code = await make({ A: 1, B: 1 })
    const { id } = await start(code, { window_hours: 2, hold_out: 0.2 })
    const of = { experiment: id, stores: admin.stores }
    await enrol({ ...of, variant: 'A', people: [0, 40], status: 'delivered', hoursAgo: 3 })
    await enrol({ ...of, variant: 'A', people: [40, 50], status: 'undelivered', hoursAgo: 3 })
    // The same people once more: these are paid for, and are nobody's outcome.
    await enrol({ ...of, variant: 'A', people: [0, 50], status: 'undelivered', hoursAgo: 3 })
    await enrol({ ...of, variant: 'B', people: [50, 75], status: 'sent', hoursAgo: 3 })
    await enrol({ ...of, variant: 'B', people: [75, 90], status: 'delivered', hoursAgo: 1 })
    await enrol({ ...of, variant: 'B', people: [90, 95], status: 'queued', hoursAgo: 3 })
    await enrol({ ...of, variant: 'B', people: [95, 96], status: 'suppressed', hoursAgo: 3 })
    await enrol({
      ...of,
      variant: 'A',
      people: [100, 120],
      status: 'failed',
      hoursAgo: 3,
      heldOut: true,
    })

    const { results } = await read(`${code}/experiment`)
    expect(results.variants).toMatchObject([
      {
        variant: 'A',
        messages: 100,
        cost: { amount: '50.00' },
        people: 50,
        settled: 50,
        delivered: { count: 40, share: 0.8 },
        failed: { count: 10, share: 0.2 },
      },
      {
        variant: 'B',
        messages: 46,
        cost: { amount: '20.00' },
        people: 46,
        settled: 25,
        delivered: { count: 0, share: 0, low: 0 },
        failed: { count: 0 },
      },
    ])
    // scipy 1.17: binomtest(40, 50).proportion_ci(method='wilson')
    expect(results.variants[0]?.delivered.low).toBeCloseTo(0.6696289406777458, 12)
    expect(results.variants[0]?.delivered.high).toBeCloseTo(0.8875624998422389, 12)
    expect(results.hold_out).toMatchObject({
      people: 20,
      settled: 20,
      failed: { count: 20 },
      cost: { amount: '0.00' },
    })
    expect(results.complete).toBe(true)
  })

  test('an opt-out counts within the window of the message, for its recipient alone', async () => {
    const code = await make({ A: 1, B: 1 })
    const { id } = await start(code, { window_hours: 2, metric: 'no-opt-out' })
    const of = { experiment: id, stores: admin.stores, status: 'delivered' as const, hoursAgo: 4 }
    await enrol({ ...of, variant: 'A', people: [1_000, 1_010] })
    await enrol({ ...of, variant: 'B', people: [1_010, 1_020] })
    await admin.stores.query(
      `insert into permission_event (id, recipient_hash, channel, kind, change, source, at)
       select gen_random_uuid(), recipient_hash, case place when 6 then 'line' else 'sms' end, 'all',
         case place when 5 then 'opt-out-lifted' else 'opted-out' end, 'reply',
         now() - case variant when 'A' then interval '3 hours' else interval '1 hour' end
       from (select *, row_number() over (partition by variant order by id) as place from message
         where experiment_id = $1) m where place <= 6`,
      [id],
    )
    const { variants } = (await read(`${code}/experiment`)).results
    expect(variants.map(({ opted_out: { count } }) => count)).toEqual([4, 0])
  })

  test('a reply counts within the window of the message it answers, unless it is a stop', async () => {
    const code = await make({ A: 1, B: 1 })
    const { id } = await start(code, { window_hours: 2, metric: 'reply' })
    const of = { experiment: id, stores: admin.stores, status: 'sent' as const, hoursAgo: 4 }
    await enrol({ ...of, variant: 'A', people: [1_100, 1_160] })
    await enrol({ ...of, variant: 'B', people: [1_160, 1_220] })
    await admin.stores.query(
      `insert into inbound (id, dedupe_key, provider, reference, sender_hash, sender_cipher, content_cipher, state,
         keyword, message_id, received_at, apply_at)
       select gen_random_uuid(), sha256(id::text::bytea), 'twilio', 'x', recipient_hash, '\\x00', '\\x00', 'applied',
         case place when 1 then 'stop' end, case place when 2 then gen_random_uuid() else id end, at, at
       from (select id, recipient_hash, row_number() over (partition by variant order by id) as place,
           now() - case variant when 'A' then interval '3 hours' else interval '1 hour' end as at
         from message where experiment_id = $1) m where place <= 40`,
      [id],
    )
    const { winner, results } = await read(`${code}/experiment`)
    expect(results.variants.map(({ replied: { count } }) => count)).toEqual([38, 0])
    expect(winner).toBe('A')
  })

  test('name a winner when the evidence holds, and none when people are missing', async () => {
    const code = await make({ A: 1, B: 1 })
    const { id } = await start(code)
    const of = { experiment: id, stores: admin.stores, hoursAgo: 30 }
    await enrol({ ...of, variant: 'A', people: [2_000, 2_100], status: 'delivered' })
    await enrol({ ...of, variant: 'B', people: [2_100, 2_150], status: 'delivered' })
    await enrol({ ...of, variant: 'B', people: [2_150, 2_200], status: 'undelivered' })
    const { winner, decided_at: decidedAt, results } = await read(`${code}/experiment`)
    expect({ winner, decidedAt }).toEqual({ winner: 'A', decidedAt: null })
    expect(results.comparisons).toMatchObject([{ better: 'A', worse: 'B' }])
    expect(results.comparisons[0]?.p_value).toBeLessThan(1e-6)
    expect(results.split).toMatchObject({ p_value: 1, mismatch: false })

    await enrol({ ...of, variant: 'A', people: [2_200, 2_300], status: 'delivered' })
    const broken = await read(`${code}/experiment`)
    expect(broken).toMatchObject({ winner: null, results: { split: { mismatch: true } } })
  })
})

test('a client sees what became of its own messages alone, an operator everybody’s', async () => {
  const code = await make({ A: 1, B: 1 })
  const { id } = await start(code)
  const key = await addApiKey(admin.stores, { client: 'a-shop', scopes: ['read'] })
  const boss = await addApiKey(admin.stores, { scopes: ['read', 'admin'] })
  const of = { experiment: id, stores: admin.stores, hoursAgo: 30 }
  await enrol({ ...of, variant: 'A', people: [5_000, 5_100], status: 'delivered' })
  await enrol({ ...of, variant: 'B', people: [5_100, 5_200], status: 'undelivered' })
  const empty = await read(`${code}/experiment`, { key })
  expect(empty).toMatchObject({ winner: null, results: { of: 'own', complete: true } })
  expect(empty.results.variants.map(({ messages }) => messages)).toEqual([0, 0])

  await admin.stores.query(
    `update message set client_id = (select id from api_client where name = 'a-shop')
     where id in (select id from message where experiment_id = $1 order by id limit 7)`,
    [id],
  )
  const own = await read(`${code}/experiment`, { key })
  expect(own.results.variants).toMatchObject([{ messages: 7, people: 7 }, { messages: 0 }])
  for (const whole of [{}, { key: boss }]) {
    expect(await read(`${code}/experiment`, whole)).toMatchObject({
      winner: 'A',
      results: { of: 'all', variants: [{ messages: 100 }, { messages: 100 }] },
    })
  }
})

test('results are counted once for all who ask in a while', async () => {
  let counts = 0
  const now = new Date()
  const db = admin.db.withPlugin({
    transformQuery: ({ node }) => {
      if (node.kind === 'RawNode') counts += 1
      return node
    },
    transformResult: ({ result }) => Promise.resolve(result),
  })
  const code = await make({ A: 1, B: 1 })
  await start(code)
  const experiment = await findExperiment(admin.db, code)
  if (!experiment) throw new Error('there is no test')
  const resultsOf = createResultsSource({ db, now: () => now, keepMs: 10_000 })
  await Promise.all([resultsOf(experiment, undefined), resultsOf(experiment, undefined)])
  await resultsOf(experiment, undefined)
  expect(counts).toBe(1)
  now.setTime(now.getTime() + 10_000)
  await resultsOf(experiment, undefined)
  await resultsOf(experiment, 'a8098c1a-f86e-11da-bd1a-00112444be1e')
  expect(counts).toBe(3)
})

describe('promoting', () => {
  test('takes the variant that is named, in a new version, and ends the test', async () => {
    const code = await make({ A: 70, B: 30, C: 0 })
    await start(code)
    expectProblem(await post(`${code}/promote`), 409, 'experiment-undecided')
    expectProblem(await post(`${code}/promote`, { variant: 'X' }), 404, 'no-such-template')
    const promoted = await readTemplate(`${code}/promote`, { body: { variant: 'B' } })
    expect(promoted).toMatchObject({
      version: 4,
      author: admin.keyId,
      variants: [
        { variant: 'A', weight: 0, active: true },
        { variant: 'B', weight: 100, active: true },
        { variant: 'C', weight: 0 },
      ],
    })
    expect(promoted).not.toHaveProperty('warnings')
    expect(await read(`${code}/experiment`)).toMatchObject({ end_reason: 'promoted' })
    expectProblem(await post(`${code}/promote`), 409, 'experiment-undecided')
    expectProblem(await post('nothing/promote', { variant: 'A' }), 404, 'no-such-template')
  })

  test('takes the winner where none is named', async () => {
    const code = await make({ A: 1, B: 1 })
    const { id } = await start(code)
    const of = { experiment: id, stores: admin.stores, hoursAgo: 30 }
    await enrol({ ...of, variant: 'A', people: [3_000, 3_050], status: 'failed' })
    await enrol({ ...of, variant: 'B', people: [3_050, 3_100], status: 'delivered' })
    const { variants } = await readTemplate(`${code}/promote`, { method: 'POST' })
    expect(variants).toMatchObject([{ weight: 0 }, { variant: 'B', weight: 100 }])
  })
})

test('asks for the scope: read to look, templates to test and to promote', async () => {
  const [reader, writer] = await Promise.all([
    addApiKey(admin.stores, { scopes: ['read'] }),
    addApiKey(admin.stores, { scopes: ['templates', 'send', 'operate', 'admin'] }),
  ])
  const code = await make({ A: 1, B: 1 })
  for (const path of ['experiment', 'experiment/stop', 'promote']) {
    const options = { method: 'POST', body: path === 'promote' ? { variant: 'A' } : {} }
    expectProblem(await call(`${code}/${path}`, { ...options, key: null }), 401, 'unauthorized')
    expectProblem(await call(`${code}/${path}`, { ...options, key: reader }), 403, 'forbidden')
    expect((await call(`${code}/${path}`, { ...options, key: writer })).status).toBeLessThan(300)
  }
  for (const path of ['experiment', 'experiments']) {
    expect((await call(`${code}/${path}`, { key: reader })).status).toBe(200)
    expectProblem(await call(`${code}/${path}`, { key: writer }), 403, 'forbidden')
  }
})
