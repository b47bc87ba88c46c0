import { once } from 'node:events'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals'
import type { Db } from '@sms-gateway/db/connect'
import { connectDatabase } from '@sms-gateway/db/connect'
import type { EmbeddedPostgres } from '@sms-gateway/db/embedded-postgres'
import { startEmbeddedPostgres } from '@sms-gateway/db/embedded-postgres'
import { migrateToLatest } from '@sms-gateway/db/migrate'
import { isOutage } from '@sms-gateway/db/readiness'
import { spawnTypeScript } from '@sms-gateway/db/test-support/spawn-typescript'
import { noteStatements } from '@sms-gateway/db/test-support/tell-statements'
import { makeTestFolder } from '@sms-gateway/db/test-support/test-folder'
import { closeServer, listen } from '@sms-gateway/service-kit/http-server'
import { createRegistry } from '@sms-gateway/service-kit/metrics'
import { createServiceApp } from '@sms-gateway/service-kit/service-app'
import { createWebhooks } from '../src/service.ts'
import type { Answer, Submitted } from './spool-support.ts'
import {
  ANSWERS,
  AUTH_TOKEN,
  countDelivered,
  createMemoryLogger,
  ENCRYPTION_KEY,
  LOOKUP_KEY,
  post,
  readSpool,
  signText,
  submitMessages,
  vault,
  waitUntil,
  WEBHOOK_URL,
} from './spool-support.ts'

const COUNT = 200

const dataDir = makeTestFolder()
let postgres: EmbeddedPostgres
let db: Db

async function startPostgres(): Promise<void> {
  postgres = await startEmbeddedPostgres({
    dataDir,
    settings: { fsync: false, synchronous_commit: false, full_page_writes: false },
  })
}

beforeAll(async () => {
  await startPostgres()
  db = connectDatabase({ url: postgres.url, poolSize: 4 })
  await migrateToLatest(db)
})
afterAll(async () => {
  await db.destroy()
  await postgres.stop()
})

const cleanUps: (() => unknown)[] = []
afterEach(async () => {
  while (cleanUps.length > 0) await cleanUps.pop()?.()
})

async function openWebhooks() {
  const spoolDir = join(makeTestFolder(), 'spool')
  const { logger, text: logged } = createMemoryLogger()
  const pool = connectDatabase({ url: postgres.url, poolSize: 10 })
  const { db: appDb, asked } = noteStatements(pool)
  const twilio = { authToken: AUTH_TOKEN, webhookUrl: WEBHOOK_URL }
  const webhooks = createWebhooks({
    ...{ db: appDb, vault, logger, spoolDir, twilio },
    ...{ chunghwa: undefined, answers: ANSWERS },
  })
  const app = createServiceApp({
    ...{ logger, isOutage, registry: createRegistry(), routers: [webhooks.router] },
    checks: { receipts: () => webhooks.check() },
  })
  const port = await findFreePort()
  const server = await listen(app, { host: '127.0.0.1', port })
  cleanUps.push(async () => {
    await closeServer(server, 1_000)
    await webhooks.close()
    await pool.destroy()
  })
  return { url: `http://127.0.0.1:${port}`, spoolDir, logged, asked }
}

/** Over 40 connections, as Twilio does: the next one when one is answered. */
async function postAll(url: string, messages: readonly Submitted[]): Promise<Answer[]> {
  const waiting = [...messages]
  const answers: Answer[] = []
  const sendOneByOne = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      answers.push(await post(url, next.receipt))
    }
  }
  await Promise.all(Array.from({ length: 40 }, sendOneByOne))
  return answers
}

/** PostgreSQL is still away when they are here, so nobody has waited for it. */
function expectTaken(answers: readonly Answer[]) {
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
}

function expectSealed(spoolDir: string, logged: string, messages: readonly Submitted[]) {
  const content = Object.values(readSpool(spoolDir)).join('')
  expect(content.split('\n').length).toBeGreaterThan(messages.length / 2)
  for (const place of [content, logged]) {
    for (const { phone } of messages) expect(place).not.toContain(phone.slice(4))
    expect(place).not.toContain('MessageSid')
  }
}

async function expectAllDelivered(spoolDir: string, messages: readonly Submitted[]) {
  await waitUntil(
    () => countDelivered(db, messages),
    (count) => count === messages.length,
  )
  await waitUntil(
    () => Object.keys(readSpool(spoolDir)),
    (names) => names.length === 0,
  )
}

test('spools receipts while PostgreSQL is stopped, and applies them all when it is back', async () => {
  const messages = await submitMessages(db, COUNT)
  const { url, spoolDir, logged } = await openWebhooks()
  // With connections in the pool that break.
  expectTaken(await postAll(url, messages.slice(0, 10)))
  await waitUntil(
    () => countDelivered(db, messages),
    (count) => count === 10,
  )
  const outages = () => logged().split('database away').length - 1
  const before = outages()
  await postgres.stop()

  expectTaken(await postAll(url, messages.slice(10)))
  expect(outages() - before).toBe(1)
  expectSealed(spoolDir, logged(), messages.slice(10))
  // The load balancer must go on sending receipts here.
  await waitUntil(
    async () => (await fetch(`${url}/readyz`)).status,
    (status) => status === 200,
  )

  await startPostgres()
  await expectAllDelivered(spoolDir, messages)
  expect(logged()).not.toContain('"level":50')
})

test('answers in time while connections hang, and applies everything when they go on', async () => {
  const messages = await submitMessages(db, COUNT)
  const { url, spoolDir, logged, asked } = await openWebhooks()
  expectTaken(await postAll(url, messages.slice(0, 10)))
  const goOn = await freezePostgres()

  const before = asked.length
  expectTaken(await postAll(url, messages.slice(10)))
  // Only the first find out by waiting: two inserts side by side, which begin by asking for the keys of their people.
  const inserts = asked.slice(before).filter((text) => text.includes('"subject_key"'))
  expect([1, 2]).toContain(inserts.length)
  expectSealed(spoolDir, logged(), messages.slice(10))
  // The question whether it answers hangs too.
  await waitUntil(
    () => asked.slice(before).some((text) => text.includes('select 1')),
    (isAsked) => isAsked,
  )
  expectTaken(await postAll(url, messages.slice(0, 40)))

  goOn()
  await expectAllDelivered(spoolDir, messages)
})

test('answers 503 with Retry-After when the disk takes nothing either', async () => {
  const messages = await submitMessages(db, 20)
  const { url, spoolDir } = await openWebhooks()
  await postgres.stop()
  rmSync(spoolDir, { recursive: true })
  writeFileSync(spoolDir, 'a file where the folder was')
  const answers = await postAll(url, messages)
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([503]))
  expect(Number(answers[0]?.retryAfter)).toBeGreaterThan(0)
  await waitUntil(
    async () => (await fetch(`${url}/readyz`)).status,
    (status) => status === 503,
  )

  rmSync(spoolDir)
  mkdirSync(spoolDir)
  expectTaken(await postAll(url, messages))
  await startPostgres()
  await expectAllDelivered(spoolDir, messages)
})

test('spools what people write while PostgreSQL is stopped, and does it once when it is back', async () => {
  const { url, spoolDir, logged } = await openWebhooks()
  const inboundDir = join(spoolDir, 'inbound')
  const stop = signText('+886912345678', '退訂')
  await postgres.stop()
  const answers = await Promise.all(
    [stop, stop, stop, signText('+886912345678', '收到')].map((text) => post(url, text)),
  )
  expectTaken(answers)
  const kept = `${Object.values(readSpool(inboundDir)).join('')}${logged()}`
  expect(kept.length).toBeGreaterThan(500)
  for (const secret of ['912345678', '退訂', '收到']) expect(kept).not.toContain(secret)

  await startPostgres()
  await waitUntil(
    () => db.selectFrom('inbound').select('keyword').where('state', '=', 'applied').execute(),
    (rows) => rows.length === 2,
  )
  await waitUntil(
    () => Object.keys(readSpool(inboundDir)),
    (names) => names.length === 0,
  )
  const confirmations = await db
    .selectFrom('message')
    .innerJoin('opt_out', 'opt_out.recipient_hash', 'message.recipient_hash')
    .select(['message_type', 'opt_out.source'])
    .where('exempt_from_opt_out', '=', true)
    .execute()
  expect(confirmations).toEqual([{ message_type: 'opt_out_confirmation', source: 'keyword' }])
})

test('loses no receipt that it answered for when it is killed while it spools, torn line or not', async () => {
  const messages = await submitMessages(db, COUNT)
  const spoolDir = join(makeTestFolder(), 'spool')
  await postgres.stop()

  const killed = await startProcess(spoolDir)
  const answered: Submitted[] = []
  const sendUntilKilled = async (mine: readonly Submitted[]) => {
    for (const message of mine) {
      const answer = await post(killed.url, message.receipt).catch(() => undefined)
      if (answer?.status !== 200) return
      answered.push(message)
    }
  }
  const sending = Promise.all(
    [0, 1, 2, 3].map((n) => sendUntilKilled(messages.slice(n * 50, n * 50 + 50))),
  )
  await waitUntil(
    () => answered.length,
    (count) => count > 60,
  )
  killed.child.kill('SIGKILL')
  await sending
  const names = Object.keys(readSpool(spoolDir))
  expect(names).toHaveLength(1)
  // As a power cut would leave it.
  const torn = join(spoolDir, names[0] ?? '')
  writeFileSync(torn, 'AWsx', { flag: 'a' })

  await startPostgres()
  await startProcess(spoolDir)
  await waitUntil(
    () => countDelivered(db, answered),
    (count) => count === new Set(answered.map(({ id }) => id)).size,
  )
  await waitUntil(
    () => Object.keys(readSpool(spoolDir)),
    (left) => left.every((name) => name.endsWith('.damaged')) && left.length === 1,
  )
})

/** The service as it is deployed, in a process of its own. */
async function startProcess(spoolDir: string) {
  const port = await findFreePort()
  const child = spawnTypeScript(join(import.meta.dirname, '../src/main.ts'), [], {
    ...process.env,
    PORT: String(port),
    DATABASE_URL: postgres.url,
    SMS_SPOOL_DIR: spoolDir,
    SMS_ENCRYPTION_KEYS: `k1:${ENCRYPTION_KEY.toString('base64')}`,
    SMS_LOOKUP_KEY: LOOKUP_KEY.toString('base64'),
    TWILIO_ACCOUNT_SID: `AC${'0'.repeat(32)}`,
    TWILIO_AUTH_TOKEN: AUTH_TOKEN,
    TWILIO_WEBHOOK_URL: WEBHOOK_URL,
    LOG_LEVEL: 'error',
  })
  cleanUps.push(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return
    const ended = once(child, 'exit')
    child.kill('SIGKILL')
    await ended
  })
  child.stdout.resume()
  child.stderr.pipe(process.stderr)
  const url = `http://127.0.0.1:${port}`
  await waitUntil(
    () =>
      fetch(`${url}/healthz`).then(
        ({ ok }) => ok,
        () => false,
      ),
    (ok) => ok,
  )
  return { child, url }
}

/** As a host that hangs: it takes connections and answers nothing. Returns what lets it go on. */
async function freezePostgres(): Promise<() => void> {
  const file = join(dataDir, 'postgres/cluster/postmaster.pid')
  const postmaster = Number(readFileSync(file, 'utf8').split('\n')[0])
  const rows = await db
    .withTables<{ pg_stat_activity: { pid: number } }>()
    .selectFrom('pg_stat_activity')
    .select('pid')
    .execute()
  const pids = [postmaster, ...rows.map(({ pid }) => pid)]
  const signal = (name: NodeJS.Signals) => {
    for (const pid of pids) {
      try {
        process.kill(pid, name)
      } catch {
        // A backend that has ended meanwhile.
      }
    }
  }
  signal('SIGSTOP')
  const goOn = () => {
    signal('SIGCONT')
  }
  cleanUps.push(goOn)
  return goOn
}

async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  if (address === null || typeof address === 'string') throw new Error('no free port')
  return address.port
}
