import { EventEmitter } from 'node:events'
import { setImmediate as turn } from 'node:timers/promises'
import { expect, test } from '@jest/globals'
import { createLogger } from './logger.ts'
import { closeOnSignal } from './shutdown.ts'

function start(close: () => Promise<void>, limitMs = 5_000) {
  const lines: string[] = []
  const exits: number[] = []
  const emitter = new EventEmitter()
  closeOnSignal({
    logger: createLogger('test', 'info', { write: (line) => lines.push(line) }),
    limitMs,
    close,
    process: {
      on: (event, listener) => emitter.on(event, listener),
      exit: (code) => exits.push(code),
    },
  })
  return { emitter, exits, lines }
}

test('drains once for any number of signals, and exits only when that is done', async () => {
  let closes = 0
  let finish = () => {}
  const { emitter, exits } = start(() => {
    closes++
    return new Promise((resolve) => {
      finish = resolve
    })
  })
  emitter.emit('SIGTERM')
  emitter.emit('SIGINT')
  emitter.emit('SIGTERM')
  await turn()
  expect({ closes, exits }).toEqual({ closes: 1, exits: [] })
  finish()
  await turn()
  emitter.emit('SIGINT')
  await turn()
  expect({ closes, exits }).toEqual({ closes: 1, exits: [0] })
})

test('exits 1 past the limit', async () => {
  const { emitter, exits, lines } = start(() => new Promise(() => {}), 5)
  emitter.emit('SIGINT')
  while (exits.length === 0) await turn()
  expect(exits).toEqual([1])
  expect(lines.join('')).toContain('not done within 5 ms')
})

test('exits 1 when the close fails', async () => {
  const { emitter, exits } = start(() => Promise.reject(new Error('stuck')))
  emitter.emit('SIGINT')
  await turn()
  expect(exits).toEqual([1])
})

test.each(['uncaughtException', 'unhandledRejection'])('logs fatal and exits 1 on %s', (event) => {
  const { emitter, exits, lines } = start(() => Promise.resolve())
  emitter.emit(event, new Error('what'))
  expect(exits).toEqual([1])
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ level: 60, event, err: { message: 'what' } })
})
