import { expect, test } from '@jest/globals'
import { createKeyCache, hashKey } from './key-cache.ts'

function createCounted(maxEntries = 10) {
  const loads: string[] = []
  let at = 0
  let away = false
  const { find, forget } = createKeyCache<string>({
    ttlMs: 5_000,
    maxEntries,
    now: () => at,
    load(hash) {
      loads.push(hash)
      if (away) return Promise.reject(new Error('away'))
      return Promise.resolve(hash === hashKey('good') ? 'client' : undefined)
    },
  })
  const set = (change: { at?: number; away?: boolean }) => {
    at = change.at ?? at
    away = change.away ?? away
  }
  return { find, forget, loads, set }
}

test.each([
  ['good', 'client'],
  ['wrong', undefined],
])('loads a %s key once in its time, by its hash', async (key, expected) => {
  const { find, loads, set } = createCounted()
  expect(await Promise.all([find(key), find(key)])).toEqual([expected, expected])
  set({ at: 4_999 })
  expect(await find(key)).toBe(expected)
  expect(loads).toEqual([hashKey(key)])
  set({ at: 5_000 })
  await Promise.all([find(key), find(key)])
  expect(loads).toHaveLength(2)
})

test('asks again after a failure', async () => {
  const { find, set } = createCounted()
  set({ away: true })
  await expect(find('good')).rejects.toThrow('away')
  set({ away: false })
  await expect(find('good')).resolves.toBe('client')
})

test('is bounded, and wrong keys push no good one out', async () => {
  const { find, loads } = createCounted(3)
  await find('good')
  for (let i = 0; i < 20; i++) await find(`wrong-${i}`)
  await find('good')
  expect(loads).toHaveLength(21)
  await find('wrong-19')
  expect(loads).toHaveLength(21)
  await find('wrong-0')
  expect(loads).toHaveLength(22)
})

test('asks again for what it was told to forget', async () => {
  const { find, forget, loads } = createCounted()
  await find('good')
  forget('good')
  await find('good')
  expect(loads).toHaveLength(2)
})
