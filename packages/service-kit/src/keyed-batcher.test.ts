import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, test } from '@jest/globals'
import { OverloadedError } from './batcher.ts'
import { createKeyedBatcher } from './keyed-batcher.ts'

/** The key is known a moment after the item came, and the flush is the turn after that. */
const turn = async () => {
  await nextTurn()
  await nextTurn()
}

/** Items are `key:number`; the flushes of a key that is shut stay open. */
function createKeyed(maxWaiting = 10) {
  const batches: string[][] = []
  const opens: (() => void)[] = []
  const batcher = createKeyedBatcher<string, string>({
    maxSize: 10,
    maxConcurrentOf: (key) => (key === 'c' ? 2 : 1),
    maxWaiting,
    keyOf: (item) => Promise.resolve(item.slice(0, 1)),
    async flush(items) {
      batches.push(items)
      if (!items[0]?.startsWith('b')) {
        await new Promise<void>((resolve) => {
          opens.push(resolve)
        })
      }
      return items.map((item) => `${item}!`)
    },
  })
  return { batcher, batches, open: () => opens.shift()?.() }
}

test('items of one key go together, and nobody waits for another key', async () => {
  const { batcher, batches, open } = createKeyed()
  const held = batcher.add('a1')
  await turn()
  const late = [batcher.add('a2'), batcher.add('a3')]
  await expect(Promise.all([batcher.add('b1'), batcher.add('b2')])).resolves.toEqual(['b1!', 'b2!'])
  expect(batches).toEqual([['a1'], ['b1', 'b2']])
  open()
  await expect(held).resolves.toBe('a1!')
  await turn()
  open()
  await expect(Promise.all(late)).resolves.toEqual(['a2!', 'a3!'])
  expect(batches.at(-1)).toEqual(['a2', 'a3'])
})

test('flushes as many batches of a key side by side as the key may have', async () => {
  const { batcher, batches, open } = createKeyed()
  const held = [batcher.add('c1')]
  await turn()
  held.push(batcher.add('c2'))
  await turn()
  held.push(batcher.add('c3'))
  await turn()
  expect(batches).toEqual([['c1'], ['c2']])
  open()
  await expect(held[0]).resolves.toBe('c1!')
  await turn()
  expect(batches.at(-1)).toEqual(['c3'])
  open()
  open()
  await expect(Promise.all(held)).resolves.toEqual(['c1!', 'c2!', 'c3!'])
})

test('refuses what comes while as many as allowed are in hand, of whatever key', async () => {
  const { batcher, open } = createKeyed(2)
  const held = [batcher.add('a1'), batcher.add('a2')]
  await expect(batcher.add('b1')).rejects.toThrow(OverloadedError)
  await turn()
  open()
  await expect(Promise.all(held)).resolves.toEqual(['a1!', 'a2!'])
  await expect(batcher.add('b1')).resolves.toBe('b1!')
})

test('closes when all that was taken has its outcome, and takes no more', async () => {
  const { batcher, open } = createKeyed()
  const held = batcher.add('a1')
  await turn()
  let isClosed = false
  const closing = batcher.close().then(() => {
    isClosed = true
  })
  await expect(batcher.add('b1')).rejects.toThrow('closed')
  await turn()
  expect(isClosed).toBe(false)
  open()
  await held
  await closing
})
