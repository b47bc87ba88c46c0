import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, test } from '@jest/globals'
import { joinLines } from './log-output.ts'

function open() {
  const writes: string[] = []
  const exits: (() => void)[] = []
  const output = joinLines({ write: (text) => writes.push(text) }, (run) => exits.push(run))
  return { output, writes, exit: () => exits.forEach((run) => run()) }
}

test('lines of one turn are one write, in their order', async () => {
  const { output, writes } = open()
  output.write('1\n')
  await Promise.resolve()
  output.write('2\n')
  expect(writes).toEqual([])
  await nextTurn()
  output.write('3\n')
  await nextTurn()
  expect(writes).toEqual(['1\n2\n', '3\n'])
})

test('an exit in the same turn loses nothing, and writes nothing twice', async () => {
  const { output, writes, exit } = open()
  output.write('the last\n')
  exit()
  expect(writes).toEqual(['the last\n'])
  await nextTurn()
  exit()
  expect(writes).toEqual(['the last\n'])
})
