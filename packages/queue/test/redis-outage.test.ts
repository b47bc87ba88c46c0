import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, test } from '@jest/globals'
import { spawnTypeScript } from '@sms-gateway/db/test-support/spawn-typescript'
import type { Backend } from '@sms-gateway/queue/backend'
import { connectBackend } from '@sms-gateway/queue/backend'
import { openLaneQueues } from '@sms-gateway/queue/lane-queues'
import { startLaneWorker } from '@sms-gateway/queue/lane-worker'
import { createRedisServer } from './redis-server.ts'
import { createIds, until } from './support.ts'

const PROGRAM = fileURLToPath(new URL('./closing-worker.ts', import.meta.url))
const NO_ANSWER = 'no answer from the queue within 1000 ms'
const describeWithRedis = process.env['TEST_REDIS_URL'] === undefined ? describe.skip : describe

const cleanUps: (() => unknown)[] = []
afterEach(async () => {
  while (cleanUps.length > 0) await cleanUps.pop()?.()
})

describeWithRedis('while Redis is away', () => {
  // That it takes a second, and the next ones nothing, is lane-queues.test.ts's.
  test('a request does not hang, and works when it is back', async () => {
    const { server, queues, errors } = await open()
    await server.start()
    await until(() => queues.requestDispatch('normal', createIds(1)))
    await server.kill()

    expect(await queues.requestDispatch('normal', createIds(1))).toBe(false)
    expect(errors.join()).toContain(NO_ANSWER)

    await server.start()
    await until(() => queues.requestDispatch('normal', createIds(1)))
    await until(async () => (await queues.countJobs('normal').catch(() => 0)) > 0)
  })

  test('a start does not hang, and all works once it is there', async () => {
    const { server, queues, backend } = await open()
    expect(await queues.requestDispatch('urgent', createIds(1))).toBe(false)
    const jobs: string[] = []
    const worker = startLaneWorker(backend, {
      lane: 'urgent',
      concurrency: 1,
      process: (ids) => Promise.resolve(void jobs.push(...ids)),
      onError: () => undefined,
    })
    cleanUps.push(() => worker.close(2_000))
    await server.start()
    const ids = createIds(2)
    await until(() => queues.requestDispatch('urgent', ids))
    await until(() => jobs.includes(ids[0]!))
  })

  test('a worker that waited takes up its work when it is back', async () => {
    const { server, queues, backend } = await open()
    await server.start()
    const jobs: string[] = []
    const worker = startLaneWorker(backend, {
      lane: 'normal',
      concurrency: 1,
      process: (ids) => Promise.resolve(void jobs.push(...ids)),
      onError: () => undefined,
    })
    cleanUps.push(() => worker.close(2_000))
    const [before] = createIds(1)
    await until(() => queues.requestDispatch('normal', [before!]))
    await until(() => jobs.length > 0)
    await server.kill()
    await server.start()
    const [after] = createIds(1)
    await until(() => queues.requestDispatch('normal', [after!]))
    await until(() => jobs.includes(after!))
  })

  test('each wait on it has a limit: counting, asking whether it is there, closing', async () => {
    const { server, queues, backend } = await open()
    await server.start()
    await until(() => queues.requestDispatch('normal', createIds(1)))
    await server.kill()

    // Without a limit each of these waits for as long as Redis is away: for ever.
    expect(await failureOf(queues.countJobs('normal'))).toContain(NO_ANSWER)
    expect(await failureOf(queues.countWaiting())).toContain(NO_ANSWER)
    expect(await failureOf(backend.ping())).toContain(NO_ANSWER)
    await queues.close()
    await backend.close()
  })

  test('a worker stops within its limit', async () => {
    const { server, queues } = await open()
    await server.start()
    const child = spawnTypeScript(PROGRAM, [`redis://127.0.0.1:${server.port}`])
    cleanUps.push(() => child.kill('SIGKILL'))
    child.stderr.pipe(process.stderr)
    let output = ''
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString()
    })
    await until(() => queues.requestDispatch('normal', createIds(1)))
    await until(() => output !== '')
    await server.kill()
    child.stdin.write('stop\n')
    await until(() => output.endsWith('stopped\n'))
  })

  test('a connection that never came about is given up', async () => {
    const backend = connectBackend({ kind: 'redis', url: 'redis://127.0.0.1:1' })
    expect(await failureOf(backend.ping())).toContain(NO_ANSWER)
    await backend.close()
  })
})

async function open() {
  const server = await createRedisServer()
  cleanUps.push(() => server.kill())
  const backend: Backend = connectBackend({
    kind: 'redis',
    url: `redis://127.0.0.1:${server.port}`,
  })
  cleanUps.push(() => backend.close())
  const errors: string[] = []
  const queues = openLaneQueues(backend, { onError: (err) => errors.push(err.message) })
  cleanUps.push(() => queues.close())
  return { server, backend, queues, errors }
}

async function failureOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'it did not fail',
    (err: unknown) => String(err),
  )
}
