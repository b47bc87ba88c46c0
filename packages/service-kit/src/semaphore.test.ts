import { expect, test } from '@jest/globals'
import { createSlots } from './semaphore.ts'

test('gives out its slots in the order of the line', async () => {
  const slots = createSlots(2)
  const order: number[] = []
  const first = await slots.take()
  const second = await slots.take()
  const third = slots.take().then((release) => {
    order.push(3)
    return release
  })
  const fourth = slots.take().then((release) => {
    order.push(4)
    return release
  })
  expect([slots.free, slots.waiting]).toEqual([0, 2])

  second()
  const releaseThird = await third
  expect([slots.free, slots.waiting]).toEqual([0, 1])
  first()
  const releaseFourth = await fourth
  expect(order).toEqual([3, 4])

  releaseThird()
  releaseFourth()
  expect([slots.free, slots.waiting]).toEqual([2, 0])
})

test('takes a slot back once, however often it is released', async () => {
  const slots = createSlots(1)
  const release = await slots.take()
  release()
  release()
  expect(slots.free).toBe(1)
})

test('lets an aborted wait leave the line, and passes its turn to the next', async () => {
  const slots = createSlots(1)
  const release = await slots.take()
  const abort = new AbortController()
  const aborted = slots.take(abort.signal)
  const next = slots.take()
  abort.abort(new Error('gone'))
  await expect(aborted).rejects.toThrow('gone')
  expect(slots.waiting).toBe(1)

  release()
  const releaseNext = await next
  releaseNext()
  expect(slots.free).toBe(1)
})

test('refuses a signal that is aborted already, and ignores one that aborts after its turn', async () => {
  const slots = createSlots(1)
  await expect(slots.take(AbortSignal.abort(new Error('gone')))).rejects.toThrow('gone')

  const release = await slots.take()
  const abort = new AbortController()
  const waiting = slots.take(abort.signal)
  release()
  const releaseIt = await waiting
  abort.abort()
  releaseIt()
  expect([slots.free, slots.waiting]).toEqual([1, 0])
})
