import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from '@jest/globals'
import type { Lane } from '@sms-gateway/domain/lane'
import { createLaneSlots, type Release } from './lane-slots.ts'

const LONG_MS = 60_000

async function fill(slots: ReturnType<typeof createLaneSlots>, lane: Lane, count: number) {
  const releases: Release[] = []
  for (let index = 0; index < count; index++) {
    const release = await slots.take(lane, 1)
    if (release) releases.push(release)
  }
  return releases
}

test('bulk leaves room for the others, and urgent may take it all', async () => {
  expect(await fill(createLaneSlots(10), 'bulk', 20)).toHaveLength(7)
  expect(await fill(createLaneSlots(10), 'normal', 20)).toHaveLength(9)
  expect(await fill(createLaneSlots(10), 'urgent', 20)).toHaveLength(10)
})

test('every lane may hold one slot of the smallest provider', async () => {
  expect(await fill(createLaneSlots(1), 'bulk', 2)).toHaveLength(1)
})

test('a freed slot goes to the most urgent who waits', async () => {
  const slots = createLaneSlots(1)
  const [release] = await fill(slots, 'bulk', 1)
  const order: Lane[] = []
  const wait = (lane: Lane) =>
    slots.take(lane, LONG_MS).then((next) => {
      order.push(lane)
      next?.()
    })
  const all = Promise.all([wait('bulk'), wait('normal'), wait('urgent')])
  release?.()
  await all
  expect(order).toEqual(['urgent', 'normal', 'bulk'])
})

test('bulk gets a turn while urgent never ends', async () => {
  const slots = createLaneSlots(1)
  const served: Lane[] = []
  const first = await slots.take('urgent', LONG_MS)
  const use = async (lane: Lane) => {
    const release = await slots.take(lane, LONG_MS)
    served.push(lane)
    await delay(0)
    release?.()
  }
  const all = [use('bulk'), ...Array.from({ length: 100 }, () => use('urgent'))]
  first?.()
  await Promise.all(all)
  expect(served.indexOf('bulk')).toBeLessThanOrEqual(20)
  expect(served.indexOf('bulk')).toBeGreaterThan(0)
})

test('who waits too long goes away with nothing, and holds up nobody', async () => {
  const slots = createLaneSlots(1)
  const release = await slots.take('urgent', LONG_MS)
  expect(await slots.take('urgent', 5)).toBeUndefined()
  expect(slots.waiting).toBe(0)
  release?.()
  release?.()
  expect(await slots.take('bulk', 5)).toBeDefined()
  expect(await slots.take('bulk', 5)).toBeUndefined()
})
