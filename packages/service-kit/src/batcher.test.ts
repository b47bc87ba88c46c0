import { setImmediate as turn } from 'node:timers/promises'
import { fc, test as property } from '@fast-check/jest'
import { describe, expect, test } from '@jest/globals'
import { createBatcher, OverloadedError } from './batcher.ts'

/** A flush that stays open until the test lets it go. */
function createGate() {
  const batches: number[][] = []
  const opens: (() => void)[] = []
  const flush = async (items: number[]) => {
    batches.push(items)
    await new Promise<void>((resolve) => {
      opens.push(resolve)
    })
    return items.map((item) => item * 10)
  }
  return { batches, flush, open: () => opens.shift()?.() }
}

const bad = (items: number[]) => items.some((item) => item < 0)

describe('createBatcher', () => {
  test('flushes a single item in the same turn of the event loop', async () => {
    const gate = createGate()
    const batcher = createBatcher({ maxSize: 10, maxConcurrent: 1, flush: gate.flush })
    const outcome = batcher.add(1)
    await turn()
    expect(gate.batches).toEqual([[1]])
    gate.open()
    await expect(outcome).resolves.toBe(10)
  })

  test('collects what comes while the slots are busy, in order and up to maxSize', async () => {
    const gate = createGate()
    const batcher = createBatcher({ maxSize: 3, maxConcurrent: 1, flush: gate.flush })
    const outcomes = [batcher.add(1)]
    await turn()
    for (const item of [2, 3, 4, 5]) outcomes.push(batcher.add(item))
    await turn()
    expect(gate.batches).toEqual([[1]])
    gate.open()
    await turn()
    expect(gate.batches).toEqual([[1], [2, 3, 4]])
    gate.open()
    await turn()
    gate.open()
    await expect(Promise.all(outcomes)).resolves.toEqual([10, 20, 30, 40, 50])
    expect(gate.batches).toEqual([[1], [2, 3, 4], [5]])
  })

  test('runs maxConcurrent flushes at once, never more', async () => {
    const gate = createGate()
    const batcher = createBatcher({ maxSize: 1, maxConcurrent: 2, flush: gate.flush })
    const outcomes = [1, 2, 3].map((item) => batcher.add(item))
    await turn()
    expect(gate.batches).toEqual([[1], [2]])
    gate.open()
    await turn()
    expect(gate.batches).toEqual([[1], [2], [3]])
    gate.open()
    gate.open()
    await expect(Promise.all(outcomes)).resolves.toEqual([10, 20, 30])
  })

  test('flushes singly after a failure, so that a bad item fails alone', async () => {
    const sizes: number[] = []
    const batcher = createBatcher<number, number>({
      maxSize: 10,
      maxConcurrent: 1,
      async flush(items) {
        sizes.push(items.length)
        if (bad(items)) throw new Error('bad row')
        return items
      },
    })
    const outcomes = await Promise.allSettled([1, -2, 3].map((item) => batcher.add(item)))
    expect(outcomes).toMatchObject([
      { value: 1 },
      { status: 'rejected', reason: { message: 'bad row' } },
      { value: 3 },
    ])
    expect(sizes).toEqual([3, 1, 1, 1])
  })

  test('fails all together in an outage, also in one that begins half-way', async () => {
    const sizes: number[] = []
    let away = false
    const batcher = createBatcher<number, number>({
      maxSize: 10,
      maxConcurrent: 1,
      async flush(items) {
        sizes.push(items.length)
        if (away) throw new Error('away')
        if (items.length === 1) away = true
        if (bad(items)) throw new Error('bad row')
        return items
      },
      isOutage: (err) => err instanceof Error && err.message === 'away',
    })
    const half = await Promise.allSettled([1, -2, 3, 4].map((item) => batcher.add(item)))
    expect(half.map(({ status }) => status)).toEqual([
      'fulfilled',
      'rejected',
      'rejected',
      'rejected',
    ])
    expect(sizes).toEqual([4, 1, 1])
    const all = await Promise.allSettled([1, 2].map((item) => batcher.add(item)))
    expect(all.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    expect(sizes).toEqual([4, 1, 1, 2])
  })

  test('repeats nothing when a flush gives too few outcomes', async () => {
    let flushes = 0
    const batcher = createBatcher<number, number>({
      maxSize: 10,
      maxConcurrent: 1,
      async flush() {
        flushes++
        return [1]
      },
    })
    const outcomes = await Promise.allSettled([batcher.add(1), batcher.add(2)])
    expect(outcomes).toMatchObject([{ status: 'rejected' }, { status: 'rejected' }])
    expect(flushes).toBe(1)
  })

  test('lives on when flush or isOutage throws on the spot', async () => {
    const batcher = createBatcher<number, number>({
      maxSize: 10,
      maxConcurrent: 1,
      flush(items) {
        if (bad(items)) throw new Error('at once')
        return Promise.resolve(items)
      },
      isOutage() {
        throw new Error('broken predicate')
      },
    })
    await expect(batcher.add(-1)).rejects.toThrow('broken predicate')
    await expect(batcher.add(1)).resolves.toBe(1)
  })

  test('rejects what exceeds maxWaiting, and takes more once there is room', async () => {
    const gate = createGate()
    const batcher = createBatcher({
      maxSize: 1,
      maxConcurrent: 1,
      flush: gate.flush,
      maxWaiting: 1,
    })
    const first = batcher.add(1)
    await turn()
    const second = batcher.add(2)
    await expect(batcher.add(3)).rejects.toThrow(OverloadedError)
    gate.open()
    await first
    await turn()
    const fourth = batcher.add(4)
    gate.open()
    await turn()
    gate.open()
    await expect(Promise.all([second, fourth])).resolves.toEqual([20, 40])
  })

  test('drains when it is closed: the outcomes first, and no new items', async () => {
    const gate = createGate()
    const batcher = createBatcher({ maxSize: 1, maxConcurrent: 1, flush: gate.flush })
    const outcomes = [1, 2].map((item) => batcher.add(item))
    let closed = false
    const closing = Promise.all([batcher.close(), batcher.close()]).then(() => {
      closed = true
    })
    await expect(batcher.add(3)).rejects.toThrow('closed')
    gate.open()
    await turn()
    expect(closed).toBe(false)
    gate.open()
    await closing
    await expect(Promise.all(outcomes)).resolves.toEqual([10, 20])
  })

  test('closes at once when nothing is waiting', async () => {
    const { flush } = createGate()
    await createBatcher({ maxSize: 1, maxConcurrent: 1, flush }).close()
  })

  property.prop([
    fc.array(fc.integer({ min: -2, max: 50 }), { maxLength: 60 }),
    fc.integer({ min: 1, max: 8 }),
    fc.integer({ min: 1, max: 3 }),
  ])('gives every item its own outcome', async (items, maxSize, maxConcurrent) => {
    let running = 0
    const batcher = createBatcher<number, number>({
      maxSize,
      maxConcurrent,
      async flush(batch) {
        running++
        const fits = running <= maxConcurrent && batch.length <= maxSize
        await turn()
        running--
        if (!fits) throw new Error('over the limits')
        if (bad(batch)) throw new Error('bad row')
        return batch.map((item) => item * 10)
      },
    })
    const outcomes = await Promise.allSettled(
      items.map(async (item, index) => {
        if (index % 3 === 0) await turn()
        return batcher.add(item)
      }),
    )
    await batcher.close()
    expect(outcomes).toEqual(
      items.map((item) =>
        item < 0
          ? { status: 'rejected', reason: new Error('bad row') }
          : { status: 'fulfilled', value: item * 10 },
      ),
    )
  })
})
