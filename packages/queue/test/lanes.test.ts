import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import type { MessageId } from '@sms-gateway/domain/ids'
import type { Lane } from '@sms-gateway/domain/lane'
import type { Backend } from '@sms-gateway/queue/backend'
import { connectBackend } from '@sms-gateway/queue/backend'
import type { LaneQueues } from '@sms-gateway/queue/lane-queues'
import { openLaneQueues } from '@sms-gateway/queue/lane-queues'
import type { LaneWorkerConfig } from '@sms-gateway/queue/lane-worker'
import { startLaneWorker } from '@sms-gateway/queue/lane-worker'
import { migrateQueue } from '@sms-gateway/queue/migrate'
import type { TestStore } from './support.ts'
import { answers, createIds, STORES, until } from './support.ts'

/** Longer than any machine stands still, and shorter than the run's own limit. */
const PATIENCE_MS = 60_000

for (const { name, available, create } of STORES) {
  const describeHere = available ? describe : describe.skip
  describeHere(`on ${name}`, () => {
    let store: TestStore
    let backend: Backend
    let queues: LaneQueues
    const errors: string[] = []
    const cleanUps: (() => Promise<unknown>)[] = []

    beforeAll(async () => {
      store = await create()
      backend = connectBackend(store.config)
      const onError = (err: Error) => errors.push(err.message)
      queues = openLaneQueues(backend, { onError, limitMs: PATIENCE_MS })
    })
    afterEach(async () => {
      while (cleanUps.length > 0) await cleanUps.pop()?.()
    })
    afterAll(async () => {
      await queues.close()
      await backend.close()
      await store.drop()
    })

    /** Collects the jobs that its lane gets. */
    function startWorker(lane: Lane, changes: Partial<LaneWorkerConfig> = {}, store = backend) {
      const jobs: MessageId[][] = []
      const crashes: string[] = []
      const worker = startLaneWorker(store, {
        lane,
        concurrency: 2,
        process: (ids) => {
          jobs.push([...ids])
          return Promise.resolve()
        },
        onError: (err, what) => crashes.push(`${what}: ${err.message}`),
        ...changes,
      })
      cleanUps.push(() => worker.close(2_000))
      return { worker, jobs, crashes }
    }

    test('the ids arrive in the lane they were rung in, and nowhere else', async () => {
      const urgent = startWorker('urgent')
      const bulk = startWorker('bulk')
      const ids = createIds(3)
      expect(await queues.requestDispatch('urgent', ids)).toBe(true)
      await until(() => urgent.jobs.length > 0)
      expect(urgent.jobs).toEqual([ids])
      await until(async () => (await queues.countJobs('urgent')) === 0)
      expect(bulk.jobs).toEqual([])
    })

    test('a hundred ids make a job, and none makes none', async () => {
      const ids = createIds(250)
      expect(await queues.requestDispatch('normal', [])).toBe(true)
      expect(await queues.countJobs('normal')).toBe(0)
      expect(await queues.requestDispatch('normal', ids)).toBe(true)
      expect(await queues.countJobs('normal')).toBe(3)
      expect(await queues.countWaiting()).toEqual({ urgent: 0, normal: 3, bulk: 0 })

      const { jobs } = startWorker('normal')
      await until(() => jobs.length === 3)
      expect(jobs.map((job) => job.length).toSorted((a, b) => a - b)).toEqual([50, 100, 100])
      expect(jobs.flat().toSorted()).toEqual(ids.toSorted())
      await until(async () => (await queues.countJobs('normal')) === 0)
    })

    test('a job that runs still counts', async () => {
      let finish = () => {}
      const running = new Promise<void>((resolve) => {
        finish = resolve
      })
      const { jobs } = startWorker('bulk', { process: () => running })
      await queues.requestDispatch('bulk', createIds(1))
      await until(async () => (await queues.countWaiting()).bulk === 0)
      expect(await queues.countJobs('bulk')).toBe(1)
      finish()
      await until(async () => (await queues.countJobs('bulk')) === 0)
      expect(jobs).toEqual([])
    })

    test('a payload that is none, or a crash, fails the job and not the worker', async () => {
      const queue = backend.createQueue('urgent')
      cleanUps.push(() => queue.close())
      const [poison] = createIds(1)
      const jobs: MessageId[] = []
      const { crashes } = startWorker('urgent', {
        process: (ids) => {
          if (ids[0] === poison) return Promise.reject(new Error('adapter crashed'))
          jobs.push(...ids)
          return Promise.resolve()
        },
      })
      const options = { removeOnFail: true }
      await queue.add('dispatch', { ids: ['+886912345678'] }, options)
      await queue.add('dispatch', { ids: [], phone: '+886912345678' }, options)
      await queue.add('dispatch', { ids: createIds(101) }, options)
      await queues.requestDispatch('urgent', [poison!])
      const good = createIds(2)
      await queues.requestDispatch('urgent', good)

      await until(() => jobs.length === 2 && crashes.length === 4)
      expect(jobs).toEqual(good)
      expect(crashes.filter((crash) => crash.startsWith('job crashed'))).toHaveLength(4)
      expect(crashes).toContain('job crashed: adapter crashed')
      expect(crashes.join()).not.toContain('912345678')
      await until(async () => (await queues.countJobs('urgent')) === 0)
    })

    test('an idle worker stops at once, and takes no more jobs', async () => {
      // Left to itself it waits for the next job for longer than this test may take.
      const patient: Backend = {
        ...backend,
        createWorker: (each, processor, options) =>
          backend.createWorker(each, processor, { ...options, drainDelay: 600 }),
      }
      const { worker, jobs } = startWorker('normal', {}, patient)
      await queues.requestDispatch('normal', createIds(1))
      await until(() => jobs.length === 1)
      await worker.close(600_000)
      await queues.requestDispatch('normal', createIds(1))
      expect(await queues.countJobs('normal')).toBe(1)
      expect(jobs).toHaveLength(1)

      const next = startWorker('normal')
      await until(() => next.jobs.length === 1)
    })

    test('a worker that is closed waits for its running job', async () => {
      let finished = false
      let running = false
      const { worker } = startWorker('normal', {
        process: async () => {
          running = true
          await until(() => closing)
          finished = true
        },
      })
      let closing = false
      await queues.requestDispatch('normal', createIds(1))
      await until(() => running)
      const closed = worker.close(PATIENCE_MS)
      closing = true
      await closed
      expect(finished).toBe(true)
    })

    test('a job that hangs holds nobody up for longer than the limit', async () => {
      let release = () => {}
      const hanging = new Promise<void>((resolve) => {
        release = resolve
      })
      let running = false
      const { worker } = startWorker('normal', {
        process: () => {
          running = true
          return hanging
        },
      })
      await queues.requestDispatch('normal', createIds(1))
      await until(() => running)
      try {
        // It comes back although the job never ends.
        await worker.close(300)
      } finally {
        release()
      }
    })

    test('a worker that takes nothing while jobs wait is replaced, and says so', async () => {
      const silent = { on: () => undefined, close: () => Promise.resolve() }
      let started = 0
      const muted: Backend = {
        ...backend,
        createWorker: (...facts) => (started++ === 0 ? silent : backend.createWorker(...facts)),
      }
      const jobs: MessageId[] = []
      const said: string[] = []
      const worker = startLaneWorker(muted, {
        lane: 'bulk',
        concurrency: 1,
        process: (ids) => Promise.resolve(void jobs.push(...ids)),
        onError: (_err, what) => said.push(what),
        silenceMs: 400,
      })
      cleanUps.push(() => worker.close(2_000))
      const ids = createIds(2)
      await queues.requestDispatch('bulk', ids)
      await until(() => jobs.length === 2)
      expect(jobs).toEqual(ids)
      // How often is a matter of the clock: lane-worker.test.ts.
      expect([...new Set(said)]).toEqual(['worker replaced'])
      expect(started).toBeGreaterThan(1)
    })

    test('a store that answers is ready', async () => {
      await until(() => answers(backend))
      expect(errors).toEqual([])
    })
  })
}

test('the migration of the queue is safe to run twice, and from several at once', async () => {
  const [, postgres] = STORES
  const store = await postgres!.create()
  try {
    const { config } = store
    await Promise.all(Array.from({ length: 3 }, () => migrateQueue(config.url)))
  } finally {
    await store.drop()
  }
})
