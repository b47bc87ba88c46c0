import { once } from 'node:events'
import type { Server } from 'node:net'
import { createServer } from 'node:net'
import { afterEach, describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import type { Db } from '@sms-gateway/db/connect'
import { connectDatabase } from '@sms-gateway/db/connect'
import { isOutage, pingDatabase } from '@sms-gateway/db/readiness'
import { retryDeadlock } from '@sms-gateway/db/retry-deadlock'
import { onEachPostgres } from './on-each-postgres.ts'
import { storeMessage, storeMessages, until } from './support.ts'

const cleanUps: (() => unknown)[] = []
afterEach(async () => {
  while (cleanUps.length > 0) await cleanUps.pop()?.()
})

describe('an outage is', () => {
  test.each(['127.0.0.1', 'localhost'])('a refused connection at %s', async (host) => {
    const port = await listenOnce((server) => server.close())
    const err = await failureOf(connect(`postgres://sms@${host}:${port}/sms`))
    expect(err).toMatchObject({ code: 'ECONNREFUSED' })
    expect(isOutage(err)).toBe(true)
  })

  test('a host that nobody knows', async () => {
    expect(isOutage(await failureOf(connect('postgres://sms@no.such.host.invalid/sms')))).toBe(true)
  })

  test('a server that hangs up, or that never answers', async () => {
    const hangsUp = await listenOnce((server) =>
      server.on('connection', (socket) => socket.destroy()),
    )
    const silent = await listenOnce((server) =>
      server.on('connection', (socket) => socket.resume()),
    )
    // The limit is the connection's own: without it this would hang.
    const errors = await Promise.all(
      [hangsUp, silent].map((port) => failureOf(connect(`postgres://sms@127.0.0.1:${port}/sms`))),
    )
    expect(errors.map(isOutage)).toEqual([true, true])
  })

  // 57P01 administrator shutdown, 57P02 crash, 57P03 starting up, 53300 too many connections, 08006 connection failure
  test.each(['57P01', '57P02', '57P03', '53300', '08006'])(
    'a server that answers %s',
    async (code) => {
      const port = await listenOnce((server) =>
        server.on('connection', (socket) => {
          socket.on('error', () => undefined)
          socket.once('data', () => socket.end(errorResponse(code)))
        }),
      )
      const err = await failureOf(connect(`postgres://sms@127.0.0.1:${port}/sms`))
      expect(err).toMatchObject({ code })
      expect(isOutage(err)).toBe(true)
    },
  )

  test('a pool that is closed', async () => {
    const db = connectDatabase({ url: 'postgres://sms@127.0.0.1:1/sms', poolSize: 1 })
    await db.destroy()
    expect(isOutage(await failureOf(db))).toBe(true)
  })

  test.each([undefined, null, 'timeout', new Error('syntax error'), { code: '57P01' }])(
    'not %p',
    (err) => {
      expect(isOutage(err)).toBe(false)
    },
  )
})

onEachPostgres((postgres) => {
  test('a backend that is terminated in the middle of a query is an outage, and the pool lives on', async () => {
    const db = connect(postgres.url, 'victim', { statementLimitMs: 600_000 })
    const asking = failureOf(db, () => sql`select pg_sleep(600)`.execute(db))
    await until(() => terminate('victim', 'active'))
    const err = await asking
    expect(err).toMatchObject({ code: '57P01' })
    expect(isOutage(err)).toBe(true)
    // The pool learns of the end of its connection a moment after the error.
    await until(() => pingDatabase(db).then(() => true, isOutageOrThrow))
    await expect(pingDatabase(db)).resolves.toBeUndefined()
  })

  test('one that is terminated while idle is replaced without a word', async () => {
    const db = connect(postgres.url, 'idler')
    await pingDatabase(db)
    await until(() => terminate('idler', 'idle'))
    await until(async () => !(await isConnected('idler')))
    // The pool may learn of it a moment later than we do.
    await until(() => pingDatabase(db).then(() => true, isOutageOrThrow))
    await expect(pingDatabase(db)).resolves.toBeUndefined()
  })

  test('a wrong password, a missing database and wrong data are no outage', async () => {
    const wrongPassword = new URL(postgres.url)
    wrongPassword.password = 'wrong'
    const missing = new URL(postgres.url)
    missing.pathname = '/no_such_database'
    const { id } = await storeMessage(postgres.db)
    const bad = [
      failureOf(connect(wrongPassword.href)),
      failureOf(connect(missing.href)),
      failureOf(postgres.db, () =>
        sql`insert into api_client (id, name) values (${id}, 'a'), (${id}, 'b')`.execute(
          postgres.db,
        ),
      ),
      failureOf(postgres.db, () =>
        sql`update message set segments = 11 where id = ${id}`.execute(postgres.db),
      ),
      failureOf(postgres.db, () => sql`select no_such_column from message`.execute(postgres.db)),
    ]
    expect((await Promise.all(bad)).map(isOutage)).toEqual([false, false, false, false, false])
  })

  test('a deadlock is no outage, and retryDeadlock gets through it', async () => {
    const { db } = postgres
    const [one, other] = await storeMessages(db, 2)
    let [tries, holding] = [0, 0]
    const crossing = (first: string, second: string) =>
      retryDeadlock(() =>
        db.transaction().execute(async (trx) => {
          tries += 1
          await sql`update message set segments = segments where id = ${first}`.execute(trx)
          holding += 1
          await until(() => holding >= 2)
          await sql`update message set segments = segments where id = ${second}`.execute(trx)
        }),
      )
    await Promise.all([crossing(one!.id, other!.id), crossing(other!.id, one!.id)])
    // The one that lost may meet the other again.
    expect(tries).toBeGreaterThanOrEqual(3)

    const broken = () =>
      Promise.reject(Object.assign(new Error('deadlock detected'), { code: '40P01' }))
    let rounds = 0
    await expect(retryDeadlock(() => ((rounds += 1), broken()))).rejects.toThrow('deadlock')
    expect(rounds).toBe(5)
    expect(isOutage(await broken().catch((err: unknown) => err))).toBe(false)
    let once = 0
    const wrong = () => ((once += 1), Promise.reject(new Error('wrong')))
    await expect(retryDeadlock(wrong)).rejects.toThrow('wrong')
    expect(once).toBe(1)
  })

  async function terminate(name: string, state: string): Promise<boolean> {
    const { rows } = await sql`
      select pg_terminate_backend(pid) from pg_stat_activity
      where application_name = ${name} and state = ${state} and datname = current_database()`.execute(
      postgres.db,
    )
    return rows.length > 0
  }

  async function isConnected(name: string): Promise<boolean> {
    const { rows } = await sql`
      select from pg_stat_activity where application_name = ${name} and datname = current_database()`.execute(
      postgres.db,
    )
    return rows.length > 0
  }
})

function connect(url: string, name = 'test', limits: { statementLimitMs?: number } = {}): Db {
  const db = connectDatabase({ url, poolSize: 1, name, ...limits })
  cleanUps.push(() => db.destroy())
  return db
}

async function failureOf(
  db: Db,
  ask: () => Promise<unknown> = () => pingDatabase(db),
): Promise<unknown> {
  try {
    await ask()
  } catch (err) {
    return err
  }
  throw new Error('it did not fail')
}

function isOutageOrThrow(err: unknown): boolean {
  if (!isOutage(err)) throw err
  return false
}

async function listenOnce(prepare: (server: Server) => unknown): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  server.on('connection', (socket) => cleanUps.push(() => socket.destroy()))
  cleanUps.push(() => server.close())
  prepare(server)
  return address.port
}

/** PostgreSQL's own message: type E, length, fields by a letter, each ended by a zero. */
function errorResponse(code: string): Buffer {
  const fields = Buffer.from(`SFATAL\0VFATAL\0C${code}\0Msaid by a test\0\0`)
  const head = Buffer.alloc(5)
  head.write('E')
  head.writeInt32BE(fields.length + 4, 1)
  return Buffer.concat([head, fields])
}
