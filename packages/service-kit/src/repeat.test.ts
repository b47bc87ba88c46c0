import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from '@jest/globals'
import { createLogger } from './logger.ts'
import { type Beat, startRepeating } from './repeat.ts'

const HOUR = 3_600_000

function createLog() {
  const lines: string[] = []
  return { lines, logger: createLogger('test', 'info', { write: (line) => lines.push(line) }) }
}

/** Polls, because the runs happen by the clock. */
async function until(holds: () => boolean) {
  for (let i = 0; i < 12_000 && !holds(); i++) await delay(5)
  expect(holds()).toBe(true)
}

test('runs at once and again, and never twice at the same time', async () => {
  const { logger } = createLog()
  let running = 0
  let most = 0
  let runs = 0
  const repeating = startRepeating({
    name: 'sweep',
    everyMs: 1,
    logger,
    async run() {
      most = Math.max(most, ++running)
      await delay(3)
      running--
      runs++
    },
  })
  void repeating.runNow()
  void repeating.runNow()
  await until(() => runs >= 5)
  await repeating.stop()
  expect(most).toBe(1)
  expect(running).toBe(0)
})

test('logs a run that throws and starts the next', async () => {
  const { lines, logger } = createLog()
  const beats: Beat[] = []
  let runs = 0
  const repeating = startRepeating({
    name: 'sweep',
    everyMs: 1,
    logger,
    run() {
      if (++runs === 1) throw new Error('first one')
      return Promise.resolve()
    },
    onBeat(beat) {
      beats.push(beat)
      throw new Error('a beat that throws')
    },
  })
  await until(() => beats.length >= 2)
  await repeating.stop()
  expect(beats.slice(0, 2)).toMatchObject([{ kind: 'failed' }, { name: 'sweep', kind: 'done' }])
  expect(lines.join('')).toContain('first one')
})

test('aborts the signal of a run that is over its limit', async () => {
  const { lines, logger } = createLog()
  const repeating = startRepeating({
    name: 'sweep',
    everyMs: HOUR,
    limitMs: 5,
    logger,
    run: (signal) => delay(HOUR, undefined, { signal }),
  })
  await until(() => lines.some((line) => line.includes('run failed')))
  await repeating.stop()
  expect(lines.join('')).toContain('over its limit')
})

test('runs now when asked, once for all who ask while a run is going', async () => {
  const { logger } = createLog()
  let runs = 0
  const repeating = startRepeating({
    name: 'sweep',
    everyMs: HOUR,
    logger,
    run: () => delay(5).then(() => runs++),
  })
  await Promise.all([repeating.runNow(), repeating.runNow(), repeating.runNow()])
  expect(runs).toBe(2)
  await repeating.runNow()
  expect(runs).toBe(3)
  await repeating.stop()
  await repeating.runNow()
  expect(runs).toBe(3)
})

test('waits for the running one when it is stopped, and drops the one that was asked for', async () => {
  const { logger } = createLog()
  let runs = 0
  const repeating = startRepeating({
    name: 'sweep',
    everyMs: 1,
    logger,
    run: () => delay(10).then(() => runs++),
  })
  const asked = repeating.runNow()
  await repeating.stop()
  expect(runs).toBe(1)
  await asked
  await delay(20)
  expect(runs).toBe(1)
})
