import { expect, test } from '@jest/globals'
import { createBoundedMap } from './bounded-map.ts'

test('drops those longest unused, and never a busy one', () => {
  const dropped: string[] = []
  const map = createBoundedMap<{ name: string; busy: boolean }>({
    isIdle: ({ busy }) => !busy,
    onDrop: ({ name }) => dropped.push(name),
    max: 3,
  })
  const get = (name: string, busy = false) => map.get(name, () => ({ name, busy }))

  const busy = get('busy', true)
  get('a')
  get('b')
  get('a')
  get('c')
  expect(dropped).toEqual(['b'])
  expect(get('busy')).toBe(busy)
})

test('shrinks again after many were busy at once', () => {
  let busy = true
  const map = createBoundedMap<string>({ isIdle: () => !busy, max: 10 })
  for (let index = 0; index < 100; index++) map.get(`${index}`, () => '')
  expect(map.size()).toBe(100)
  busy = false
  for (let index = 0; index < 40; index++) map.get(`new-${index}`, () => '')
  expect(map.size()).toBeLessThanOrEqual(10)
})
