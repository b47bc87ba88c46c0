import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { spawnTypeScript } from '@sms-gateway/db/test-support/spawn-typescript'
import { connectBackend } from '@sms-gateway/queue/backend'
import { openLaneQueues } from '@sms-gateway/queue/lane-queues'
import { startLaneWorker } from '@sms-gateway/queue/lane-worker'
import { createIds, measure, STORES, until } from './support.ts'

const PROGRAM = fileURLToPath(new URL('./hanging-worker.ts', import.meta.url))
const available = STORES.filter((store) => store.available)

/** Locks are five seconds long and looked at every five; the machine may be busy. */
const LIMIT_MS = 25_000

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
    const { ids, takenBy, again, ms } = (await runs.get(name))!
    expect(takenBy).toBe(ids.join(' '))
    expect(again).toEqual([ids])
    expect(ms).toBeLessThan(LIMIT_MS)
  },
  LIMIT_MS + 10_000,
)

async function killWorker({ create }: (typeof STORES)[number]) {
  const store = await create()
  cleanUps.push(() => store.drop())
  const backend = connectBackend(store.config)
  cleanUps.push(() => backend.close())
  const queues = openLaneQueues(backend, { onError: () => undefined })
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
  const worker = startLaneWorker(backend, {
    lane: 'normal',
    concurrency: 1,
    process: (job) => Promise.resolve(void again.push([...job])),
    onError: () => undefined,
  })
  cleanUps.push(() => worker.close(2_000))
  const { ms } = await measure(() => until(() => again.length > 0, LIMIT_MS))
  return { ids, takenBy: line.toString().trim(), again, ms }
}
