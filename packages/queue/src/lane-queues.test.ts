import { afterEach, beforeEach, expect, jest, test } from '@jest/globals'
import { createMessageId } from '@sms-gateway/domain/ids'
import type { Lane } from '@sms-gateway/domain/lane'
import type { LaneQueue } from './backend.ts'
import { openLaneQueues } from './lane-queues.ts'

beforeEach(() => void jest.useFakeTimers({ doNotFake: ['setImmediate'] }))
afterEach(() => {
  jest.useRealTimers()
})

/** A store that takes a job only while it is there, and counts how often it is asked to. */
function openOn(store: { isAway: boolean; added: Lane[] }) {
  const createQueue = (lane: Lane) => {
    const add = () => {
      store.added.push(lane)
      return store.isAway ? new Promise(() => {}) : Promise.resolve()
    }
    return { add, on: () => undefined } as unknown as LaneQueue // of BullMQ's queue no more is asked here
  }
  const errors: string[] = []
  const queues = openLaneQueues({ createQueue }, { onError: (err) => errors.push(err.message) })
  const answers: boolean[] = []
  const ring = (lane: Lane = 'normal') => {
    void queues
      .requestDispatch(lane, [createMessageId(new Date())])
      .then((answer) => answers.push(answer))
  }
  return { ring, answers, errors }
}

test('a store that does not answer costs one request a second, and those after it nothing', async () => {
  const store = { isAway: true, added: [] as Lane[] }
  const { ring, answers, errors } = openOn(store)
  ring()
  await jest.advanceTimersByTimeAsync(999)
  expect(answers).toEqual([])
  await jest.advanceTimersByTimeAsync(1)
  expect(answers).toEqual([false])
  expect(errors).toEqual(['no answer from the queue within 1000 ms'])

  ring()
  await jest.advanceTimersByTimeAsync(0)
  expect(answers).toEqual([false, false])
  expect(store.added).toEqual(['normal'])
})

test('asks again after two seconds; meanwhile the other lanes are asked', async () => {
  const store = { isAway: true, added: [] as Lane[] }
  const { ring, answers } = openOn(store)
  ring()
  await jest.advanceTimersByTimeAsync(1_000)
  store.isAway = false
  ring('urgent')
  await jest.advanceTimersByTimeAsync(1_999)
  ring()
  await jest.advanceTimersByTimeAsync(1)
  ring()
  await jest.advanceTimersByTimeAsync(0)
  expect(answers).toEqual([false, true, false, true])
  expect(store.added).toEqual(['normal', 'urgent', 'normal'])
})
