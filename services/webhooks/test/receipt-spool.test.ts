import { appendFileSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from '@jest/globals'
import type { NewReceipt } from '@sms-gateway/db/receipts'
import { makeTestFolder } from '@sms-gateway/db/test-support/test-folder'
import { createVault } from '@sms-gateway/db/vault'
import { createMessageId } from '@sms-gateway/domain/ids'
import { createReceiptCodec } from '../src/receipt-line.ts'
import type { Spool, SpoolOptions } from '../src/spool.ts'
import { openSpool } from '../src/spool.ts'
import { openSegmentFile } from '../src/spool-segment.ts'
import {
  buildReceipt,
  buildReceipts,
  createMemoryLogger,
  readSpool,
  vault,
} from './spool-support.ts'

const cleanUps: (() => unknown)[] = []
afterEach(async () => {
  while (cleanUps.length > 0) await cleanUps.pop()?.()
})

const { logger, text: logged } = createMemoryLogger()

function open(dir: string, options: Partial<SpoolOptions<NewReceipt>> = {}): Spool<NewReceipt> {
  const spool = openSpool({ dir, codec: createReceiptCodec(vault), logger, ...options })
  cleanUps.push(() => spool.close())
  return spool
}

/** Takes everything, and remembers it. */
function createStore() {
  const receipts: NewReceipt[] = []
  const batches: number[] = []
  return {
    receipts,
    batches,
    async insert(batch: readonly NewReceipt[]) {
      batches.push(batch.length)
      receipts.push(...batch)
    },
    keys: () => new Set(receipts.map(({ dedupeBy }) => dedupeBy)),
  }
}

function keysOf(receipts: readonly NewReceipt[]) {
  return new Set(receipts.map(({ dedupeBy }) => dedupeBy))
}

const FULL = Object.assign(new Error('no space left on device'), { code: 'ENOSPC' })

test('gives back every field of a receipt, dates as dates, and leaves an empty folder', async () => {
  const dir = join(makeTestFolder(), 'not', 'there', 'yet')
  const spool = open(dir)
  const full = buildReceipt({
    provider: 'chunghwa',
    report: {
      reference: '1,2',
      status: 'undelivered',
      errorCode: '21610',
      detail: '拒收',
      optedOut: true,
      at: new Date('2026-07-01T08:00:00.123Z'),
    },
    attempt: { messageId: createMessageId(new Date()), number: 3 },
    body: 'line\nbreak\u0000 and 漢字',
  })
  await spool.append([full, buildReceipt()])
  const store = createStore()
  expect(await spool.replay(store.insert)).toBe(2)
  expect(store.receipts[0]).toEqual(full)
  expect(readSpool(dir)).toEqual({})
})

test('keeps what it has encrypted, readable by its user alone', async () => {
  const dir = makeTestFolder()
  const spool = open(dir)
  await spool.append(buildReceipts(20))
  const [name = ''] = readdirSync(dir)
  expect(statSync(join(dir, name)).mode & 0o777).toBe(0o600)
  const content = Object.values(readSpool(dir)).join('')
  expect(content.split('\n')).toHaveLength(21)
  for (const secret of ['886912345678', 'MessageSid', 'delivered']) {
    expect(content).not.toContain(secret)
    expect(content).not.toContain(Buffer.from(secret).toString('base64').replace(/=+$/, ''))
  }
})

test('syncs receipts that come together once', async () => {
  let appends = 0
  const spool = open(makeTestFolder(), {
    async openFile(path) {
      const file = await openSegmentFile(path)
      return { ...file, append: (data) => (appends++, file.append(data)) }
    },
  })
  await Promise.all(buildReceipts(300).map((receipt) => spool.append([receipt])))
  expect(appends).toBeLessThan(5)
})

test('replays in batches of 500, over as many segments as it took', async () => {
  const dir = makeTestFolder()
  const spool = open(dir, { segmentBytes: 20_000 })
  const receipts = buildReceipts(1_200)
  for (let from = 0; from < receipts.length; from += 100) {
    await spool.append(receipts.slice(from, from + 100))
  }
  expect((await spool.size()).files).toBeGreaterThan(3)
  const single = open(makeTestFolder())
  await single.append(receipts)

  for (const each of [spool, single]) {
    const store = createStore()
    expect(await each.replay(store.insert)).toBe(1_200)
    expect(Math.max(...store.batches)).toBeLessThanOrEqual(500)
    expect(store.keys()).toEqual(keysOf(receipts))
    expect(await each.size()).toEqual({ files: 0, bytes: 0 })
  }
})

test('keeps the segment when an insert fails half-way, and repeats it', async () => {
  const spool = open(makeTestFolder())
  const receipts = buildReceipts(1_200)
  await spool.append(receipts)
  const store = createStore()
  const failing = async (batch: readonly NewReceipt[]) => {
    if (store.receipts.length >= 500) throw new Error('gone')
    await store.insert(batch)
  }
  await expect(spool.replay(failing)).rejects.toThrow('gone')
  expect(await spool.size()).toMatchObject({ files: 1 })
  expect(await spool.replay(store.insert)).toBe(1_200)
  expect(store.keys()).toEqual(keysOf(receipts))
})

test('loses nothing of what is appended while it replays', async () => {
  const spool = open(makeTestFolder(), { segmentBytes: 4_000 })
  const receipts = buildReceipts(400)
  const store = createStore()
  const done = new AbortController()
  const replaying = (async () => {
    while (!done.signal.aborted) await spool.replay(store.insert)
    await spool.replay(store.insert)
  })()
  for (let from = 0; from < receipts.length; from += 4) {
    await Promise.all(receipts.slice(from, from + 4).map((receipt) => spool.append([receipt])))
  }
  done.abort()
  await replaying
  expect(store.keys()).toEqual(keysOf(receipts))
  expect(await spool.size()).toEqual({ files: 0, bytes: 0 })
})

test('replays what a spool that was closed has left', async () => {
  const dir = makeTestFolder()
  const receipts = buildReceipts(3)
  const first = open(dir)
  await first.append(receipts)
  await first.close()
  const store = createStore()
  expect(await open(dir).replay(store.insert)).toBe(3)
  expect(store.keys()).toEqual(keysOf(receipts))
})

test('leaves the segment of a living spool alone, until that has been silent for a minute', async () => {
  const dir = makeTestFolder()
  const [living, other] = [open(dir), open(dir)]
  const [first = buildReceipt(), second = buildReceipt()] = buildReceipts(2)
  await living.append([first])
  const store = createStore()
  expect(await other.replay(store.insert)).toBe(0)

  const [name = ''] = readdirSync(dir)
  const longAgo = new Date(Date.now() - 61_000)
  utimesSync(join(dir, name), longAgo, longAgo)
  expect(await other.replay(store.insert)).toBe(1)
  // Its file is gone, and it notices before it says that the receipt is safe.
  await living.append([second])
  expect(await living.replay(store.insert)).toBe(1)
  expect(store.keys()).toEqual(keysOf([first, second]))
})

test('writes again what it wrote into a segment that was taken away at that moment', async () => {
  const dir = makeTestFolder()
  let isTaken = false
  const spool = open(dir, {
    async openFile(path) {
      const file = await openSegmentFile(path)
      const append = async (data: string) => {
        if (!isTaken) rmSync(path)
        isTaken = true
        await file.append(data)
      }
      return { ...file, append }
    },
  })
  const receipts = buildReceipts(2)
  await spool.append(receipts)
  const store = createStore()
  expect(await spool.replay(store.insert)).toBe(2)
  expect(store.keys()).toEqual(keysOf(receipts))
})

test.each([
  ['a dead process of this host', (name: string) => name.replace(/_\d+_/, '_999999999_')],
  [
    'a process whose id another one has now',
    (name: string) => name.replace(/(_\d+)_\w+_/, '$1_1_'),
  ],
])('replays what %s has left', async (_, rename) => {
  const dir = makeTestFolder()
  await open(dir).append([buildReceipt()])
  const [name = ''] = readdirSync(dir)
  renameSync(join(dir, name), join(dir, rename(name)))
  expect(rename(name)).not.toBe(name)
  expect(await open(dir).replay(createStore().insert)).toBe(1)
})

test('gives a process of another host a minute', async () => {
  const dir = makeTestFolder()
  await open(dir).append([buildReceipt()])
  const [name = ''] = readdirSync(dir)
  const foreign = join(dir, name.replace(/\.[^_]+_/, '.elsewhere_'))
  renameSync(join(dir, name), foreign)
  const spool = open(dir)
  expect(await spool.replay(createStore().insert)).toBe(0)
  const longAgo = new Date(Date.now() - 61_000)
  utimesSync(foreign, longAgo, longAgo)
  expect(await spool.replay(createStore().insert)).toBe(1)
})

test.each([
  ['a line that is torn', (line: string) => line.slice(0, line.length / 2)],
  ['a line that was changed', (line: string) => `${line.slice(0, 60)}AAAA${line.slice(64)}\n`],
  ['a line of another key', () => `${sealedByAnother()}\n`],
  ['rubbish', () => '\u0000\u0000\u0000'],
])('skips %s, inserts the rest and keeps the segment aside', async (_, damage) => {
  const dir = makeTestFolder()
  const first = open(dir)
  const receipts = buildReceipts(3)
  await first.append(receipts)
  await first.close()
  const [name = ''] = readdirSync(dir)
  const path = join(dir, name)
  const content = readSpool(dir)[name] ?? ''
  appendFileSync(path, damage(content.split('\n')[0] ?? ''))
  const damaged = readSpool(dir)[name]

  const spool = open(dir)
  const store = createStore()
  expect(await spool.replay(store.insert)).toBe(3)
  expect(store.keys()).toEqual(keysOf(receipts))
  const kept = readSpool(dir)
  expect(Object.keys(kept)).toEqual([expect.stringMatching(/\.damaged$/)])
  expect(Object.values(kept)).toEqual([damaged])
  expect(await spool.size()).toEqual({ files: 0, bytes: 0 })
  expect(logged()).toContain('"inserted":3,"unreadable":1,"refused":0,"msg":"spool segment damaged')
})

test('keeps the segment aside when PostgreSQL will never take one of its receipts', async () => {
  const dir = makeTestFolder()
  const spool = open(dir)
  const receipts = buildReceipts(5)
  await spool.append(receipts)
  const store = createStore()
  const count = await spool.replay(async (batch) => {
    if (batch.some(({ dedupeBy }) => dedupeBy === receipts[2]?.dedupeBy)) {
      throw Object.assign(new Error('bad value'), { code: '22021' })
    }
    await store.insert(batch)
  })
  expect(count).toBe(4)
  expect(Object.keys(readSpool(dir))).toEqual([expect.stringMatching(/\.damaged$/)])
})

test('rejects when the disk is full, and leaves no half line before what it takes afterwards', async () => {
  const dir = makeTestFolder()
  let isFull = false
  const spool = open(dir, {
    async openFile(path) {
      const file = await openSegmentFile(path)
      const append = async (data: string) => {
        await file.append(isFull ? data.slice(0, data.length / 2) : data)
        if (isFull) throw FULL
      }
      return { ...file, append }
    },
  })
  const [before = buildReceipt(), during = buildReceipt(), after = buildReceipt()] =
    buildReceipts(3)
  await spool.append([before])
  isFull = true
  await expect(spool.append([during])).rejects.toBe(FULL)
  await expect(spool.append([during])).rejects.toBe(FULL)
  // However often it is tried, nothing piles up.
  expect(await spool.size()).toMatchObject({ files: 1 })
  isFull = false
  await spool.append([after])
  const store = createStore()
  expect(await spool.replay(store.insert)).toBe(2)
  expect(store.keys()).toEqual(keysOf([before, after]))
  expect(readSpool(dir)).toEqual({})
})

test('rejects past its size, and takes receipts again after a replay', async () => {
  const spool = open(makeTestFolder(), { maxBytes: 5_000, segmentBytes: 1_000 })
  const taken = async () => {
    for (let count = 0; ; count++) {
      try {
        await spool.append([buildReceipt()])
      } catch (err) {
        expect(err).toMatchObject({ name: 'SpoolFullError' })
        return count
      }
    }
  }
  expect(await taken()).toBeGreaterThan(5)
  await expect(spool.check()).rejects.toThrow('5000 bytes')
  await spool.replay(createStore().insert)
  await spool.check()
  expect(await taken()).toBeGreaterThan(5)
})

test('says at start that its folder cannot be used', () => {
  const dir = join(makeTestFolder(), 'file')
  writeFileSync(dir, '')
  expect(() => open(dir)).toThrow(/spool folder .* cannot be used \(E[A-Z]+\): .*SMS_SPOOL_DIR/)
})

test('makes its folder again when somebody has removed it', async () => {
  const dir = join(makeTestFolder(), 'spool')
  const spool = open(dir)
  const receipts = buildReceipts(2)
  await spool.append(receipts.slice(0, 1))
  await spool.replay(createStore().insert)
  rmSync(dir, { recursive: true })
  await spool.append(receipts.slice(1))
  rmSync(dir, { recursive: true })
  mkdirSync(dir)
  await spool.append(receipts.slice(1))
  expect(await spool.replay(createStore().insert)).toBe(1)
})

function sealedByAnother(): string {
  const other = createVault({
    encryptionKeys: [{ id: 'k2', key: Buffer.alloc(32, 9) }],
    lookupKey: Buffer.alloc(32, 9),
  })
  return other.seal(JSON.stringify(buildReceipt()), 'receipt spool').toString('base64')
}
