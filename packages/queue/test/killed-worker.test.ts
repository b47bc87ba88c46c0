import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { spawnTypeScript } from '@sms-gateway/db/test-support/spawn-typescript'
import type { Backend, LaneWorkerOptions } from '@sms-gateway/queue/backend'
import { connectBackend } from '@sms-gateway/queue/backend'
import { openLaneQueues } from '@sms-gateway/queue/lane-queues'
import { startLaneWorker } from '@sms-gateway/queue/lane-worker'
import { createIds, STORES, until } from './support.ts'

const PROGRAM = fileURLToPath(new URL('./hanging-worker.ts', import.meta.url))
const available = STORES.filter((store) => store.available)

/** By itself BullMQ takes a minute to notice. */
const SECONDS = { lockDuration: 5_000, stalledInterval: 5_000 }
const LIMIT_MS = 90_000

const cleanUps: (() => unknown)[] = []
/** They wait side by side for their locks to run out. */
const runs = new Map<string, Promise<Awaited<ReturnType<typeof killWorker>>>>()

beforeAll(() => {
  for (const store of available) {
    const run = killWorker(store)
    run.catch(() => undefined)
    runs.set(store.name, run)
  }
})
afterAll(async () => {
  for (const cleanUp of cleanUps.toReversed()) await cleanUp()
})

test.each(available.map(({ name }) => name))(
  "on %s a killed worker's job runs again elsewhere, within seconds",
  async (name) => {
    const { ids, takenBy, again, given } = (await runs.get(name))!
    expect(takenBy).toBe(ids.join(' '))
    expect(again).toEqual([ids])
    expect(given).toMatchObject(SECONDS)
  },
  LIMIT_MS,
)

async function killWorker({ create }: (typeof STORES)[number]) {
  const store = await create()
  cleanUps.push(() => store.drop())
  const backend = connectBackend(store.config)
  cleanUps.push(() => backend.close())
  const queues = openLaneQueues(backend, { onError: () => undefined, limitMs: 60_000 })
  cleanUps.push(() => queues.close())
  const ids = createIds(3)
  await queues.requestDispatch('normal', ids)

  const child = spawnTypeScript(PROGRAM, [JSON.stringify(store.config)])
  cleanUps.push(() => child.kill('SIGKILL'))
  child.stderr.pipe(process.stderr)
  const [line] = (await once(child.stdout, 'data')) as [Buffer] // what a stream without encoding emits
  child.kill('SIGKILL')
  await once(child, 'exit')

  const again: string[][] = []
  let given: LaneWorkerOptions | undefined
  const noting: Backend = {
    ...backend,
    createWorker(lane, processor, options) {
      given = options
      return backend.createWorker(lane, processor, options)
    },
  }
  const worker = startLaneWorker(noting, {
    lane: 'normal',
    concurrency: 1,
    process: (job) => Promise.resolve(void again.push([...job])),
    onError: () => undefined,
  })
  cleanUps.push(() => worker.close(2_000))
  await until(() => again.length > 0)
  return { ids, takenBy: line.toString().trim(), again, given }
}
