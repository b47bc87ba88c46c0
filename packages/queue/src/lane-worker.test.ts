import { afterEach, beforeEach, expect, jest, test } from '@jest/globals'
import type { BullWorker, LaneQueue } from './backend.ts'
import { startLaneWorker } from './lane-worker.ts'

beforeEach(() => void jest.useFakeTimers({ doNotFake: ['setImmediate'] }))
afterEach(() => {
  jest.useRealTimers()
})

/** A store where so many jobs wait, and whose workers take none by themselves. */
function startOn(store: { waiting: number }) {
  let started = 0
  let closed = 0
  const close = () => {
    closed++
    return Promise.resolve()
  }
  const worker: BullWorker = { on: () => undefined, close }
  const queue = {
    on: () => undefined,
    close: () => Promise.resolve(),
    getWaitingCount: () => Promise.resolve(store.waiting),
  }
  const backend = {
    createQueue: () => queue as unknown as LaneQueue, // of BullMQ's queue no more is asked here
    createWorker: () => {
      started++
      return worker
    },
  }
  const said: string[] = []
  const laneWorker = startLaneWorker(backend, {
    lane: 'bulk',
    concurrency: 1,
    process: () => Promise.resolve(),
    onError: (err, what) => said.push(`${what}: ${err.message}`),
    silenceMs: 400,
  })
  return { laneWorker, said, counts: () => ({ started, closed }) }
}

test('a worker that is silent while jobs wait is replaced, and the next has as long again', async () => {
  const { laneWorker, said, counts } = startOn({ waiting: 3 })
  await jest.advanceTimersByTimeAsync(400)
  expect(said).toEqual([])
  await jest.advanceTimersByTimeAsync(100)
  expect(said).toEqual(['worker replaced: took no job for 400 ms while 3 waited'])
  expect(counts()).toEqual({ started: 2, closed: 1 })
  await jest.advanceTimersByTimeAsync(400)
  expect(counts().started).toBe(2)
  await jest.advanceTimersByTimeAsync(100)
  expect(counts()).toEqual({ started: 3, closed: 2 })
  await laneWorker.close(1_000)
})

test('a worker that is silent because nothing waits stays', async () => {
  const { laneWorker, said, counts } = startOn({ waiting: 0 })
  await jest.advanceTimersByTimeAsync(10_000)
  expect(said).toEqual([])
  expect(counts()).toEqual({ started: 1, closed: 0 })
  await laneWorker.close(1_000)
})
