import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from '@jest/globals'
import { createClockLeases } from './clock-leases.ts'

const signal = () => AbortSignal.timeout(60_000)

test('a turn is only what is surely ours, wherever in the round trip the store read its clock', async () => {
  const leases = createClockLeases(async () => {
    await sleep(20)
    return 300
  })
  const askedAt = performance.now()
  const turn = await leases.takeTurn('x', 100, signal())
  const answeredAt = performance.now()

  expect(turn.until - turn.from).toBeLessThanOrEqual(100 - 19)
  expect(turn.from).toBeGreaterThanOrEqual(askedAt + 319)
  expect(turn.from).toBeLessThanOrEqual(answeredAt + 300)
})

test('rejects when the store does, and when it does not answer in time', async () => {
  const failing = createClockLeases(() => Promise.reject(new Error('postgres is away')))
  await expect(failing.takeTurn('x', 100, signal())).rejects.toThrow('postgres is away')

  const hanging = createClockLeases(() => new Promise(() => {}))
  const turn = hanging.takeTurn('x', 100, AbortSignal.timeout(10))
  await expect(turn).rejects.toMatchObject({ name: 'TimeoutError' })
})
