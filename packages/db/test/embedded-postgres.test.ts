import { once } from 'node:events'
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { dirname, join } from 'node:path'
import { afterEach, expect, test } from '@jest/globals'
import pg from 'pg'
import type { EmbeddedPostgres } from '@sms-gateway/db/embedded-postgres'
import { startEmbeddedPostgres } from '@sms-gateway/db/embedded-postgres'
import { spawnTypeScript } from '@sms-gateway/db/test-support/spawn-typescript'
import { makeTestFolder } from '@sms-gateway/db/test-support/test-folder'

const cleanUps: (() => unknown)[] = []
afterEach(async () => {
  while (cleanUps.length > 0) await cleanUps.pop()?.()
})

const testAsRoot = process.getuid?.() === 0 ? test : test.skip

async function start(dataDir: string, report?: (line: string) => void): Promise<EmbeddedPostgres> {
  const postgres = await startEmbeddedPostgres({ dataDir, ...(report && { report }) })
  cleanUps.push(() => postgres.stop())
  return postgres
}

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => undefined)
  await client.connect()
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows
  } finally {
    await client.end()
  }
}

async function startInChild(dataDir: string) {
  const child = spawnTypeScript(
    join(import.meta.dirname, '../test-support/embedded-postgres-starter.ts'),
    [dataDir],
  )
  const pid = child.pid
  if (pid === undefined) throw new Error('the child did not start')
  cleanUps.push(() => child.kill('SIGKILL'))
  child.stderr.pipe(process.stderr)
  const [url] = (await once(child.stdout, 'data')) as [Buffer] // what a stream without encoding emits
  return { pid, child, url: url.toString().trim() }
}

function readPostmasterPid(dataDir: string): number {
  return Number(readFileSync(postmasterFile(dataDir), 'utf8').split('\n')[0])
}

function postmasterFile(dataDir: string): string {
  return join(dataDir, 'postgres/cluster/postmaster.pid')
}

function portOf(url: string): string {
  return new URL(url).port
}

test('keeps its data and its port over a restart, and lets nobody in without the password', async () => {
  const dataDir = join(makeTestFolder(), 'data')
  const first = await start(dataDir)
  await query(first.url, 'create table kept as select 42 as value')
  await expect(query(first.url.replace(/:[^:@]+@/, ':wrong@'), 'select 1')).rejects.toMatchObject({
    code: '28P01',
  })
  await first.stop()
  await first.stop()
  expect(existsSync(postmasterFile(dataDir))).toBe(false)

  const second = await start(dataDir)
  expect(second).toMatchObject({ url: first.url, adopted: false })
  expect(await query(second.url, 'select value from kept')).toEqual([{ value: 42 }])
  expect(statSync(join(dataDir, 'postgres/password')).mode & 0o777).toBe(0o600)
})

test('outlives a Ctrl-C and a kill of its starter, and the next start takes it over', async () => {
  const dataDir = makeTestFolder()
  const { pid, child, url } = await startInChild(dataDir)
  await query(url, 'create table kept as select 42 as value')
  const postmaster = readPostmasterPid(dataDir)
  const ended = once(child, 'exit')
  process.kill(-pid, 'SIGINT')
  await ended
  expect(readPostmasterPid(dataDir)).toBe(postmaster)

  const next = await start(dataDir)
  expect(next).toMatchObject({ url, adopted: true })
  expect(readPostmasterPid(dataDir)).toBe(postmaster)
  expect(await query(next.url, 'select value from kept')).toEqual([{ value: 42 }])
})

test('refuses a folder that a living process uses', async () => {
  const dataDir = makeTestFolder()
  const { pid, child } = await startInChild(dataDir)
  await expect(start(dataDir)).rejects.toThrow(`in use by process ${pid}`)
  const ended = once(child, 'exit')
  child.kill('SIGKILL')
  await ended
  expect(await start(dataDir)).toMatchObject({ adopted: true })
})

test('starts after a kill -9 of the postmaster, while one of its backends is still busy', async () => {
  const dataDir = makeTestFolder()
  const first = await start(dataDir)
  await query(first.url, 'create table kept as select 42 as value')
  const busy = query(
    first.url,
    `set statement_timeout = '2s'; select count(*) from generate_series(1, 1000000000)`,
  ).catch(() => undefined)
  await query(first.url, 'select pg_sleep(0.2)')
  process.kill(readPostmasterPid(dataDir), 'SIGKILL')

  const second = await start(dataDir)
  expect(second.adopted).toBe(false)
  expect(await query(second.url, 'select value from kept')).toEqual([{ value: 42 }])
  await busy
})

test('does not mistake a stranger for the server that postmaster.pid names', async () => {
  const dataDir = makeTestFolder()
  const first = await start(dataDir)
  const file = readFileSync(postmasterFile(dataDir), 'utf8')
  await first.stop()
  writeFileSync(postmasterFile(dataDir), file.replace(/^\d+/, String(process.pid)))
  expect(await start(dataDir)).toMatchObject({ adopted: false })
})

test('makes the database anew where the first start was killed in the middle', async () => {
  const dataDir = makeTestFolder()
  mkdirSync(join(dataDir, 'postgres/cluster.new-0badcafe'), { recursive: true })
  writeFileSync(join(dataDir, 'postgres/cluster.new-0badcafe/PG_VERSION'), '18\n')
  writeFileSync(join(dataDir, 'postgres/password'), 'of the killed start\n')
  const { url } = await start(dataDir)
  expect(await query(url, 'select 1 as one')).toEqual([{ one: 1 }])
  expect(existsSync(join(dataDir, 'postgres/cluster.new-0badcafe'))).toBe(false)
})

test('takes another port where the kept one is taken', async () => {
  const dataDir = makeTestFolder()
  const first = await start(dataDir)
  await first.stop()
  const squatter = createServer().listen(Number(portOf(first.url)), '127.0.0.1')
  cleanUps.push(() => squatter.close())
  await once(squatter, 'listening')
  const second = await start(dataDir)
  expect(portOf(second.url)).not.toBe(portOf(first.url))
  expect(await query(second.url, 'select 1 as one')).toEqual([{ one: 1 }])
})

test('says in one line that the data folder cannot be written', async () => {
  const file = join(makeTestFolder(), 'file')
  writeFileSync(file, '')
  await expect(start(join(file, 'data'))).rejects.toThrow(
    /^the data folder .* cannot be written \(ENOTDIR\): .*$/,
  )
})

testAsRoot(
  'opens a private folder on the way for the user PostgreSQL runs as, and says so',
  async () => {
    const dataDir = join(makeTestFolder(), 'private/data')
    mkdirSync(dirname(dataDir), { mode: 0o700 })
    const lines: string[] = []
    const { url } = await start(dataDir, (line) => lines.push(line))
    expect(await query(url, 'select 1 as one')).toEqual([{ one: 1 }])
    expect(statSync(dirname(dataDir)).mode & 0o777).toBe(0o701)
    expect(lines).toContainEqual(expect.stringContaining(`made ${dirname(dataDir)} passable`))
    expect(statSync(join(dataDir, 'postgres/cluster')).uid).not.toBe(0)
  },
)
