import { expect, test } from '@jest/globals'
import { readOptions } from './options.ts'

test('takes five rounds of three seconds of everything, and one of two when it is in a hurry', () => {
  const all = {
    suites: ['accept', 'pipeline', 'urgent', 'figures', 'campaigns'],
    messages: 200_000,
    profileDir: undefined,
    path: '',
  }
  expect(readOptions([], '')).toEqual({ ...all, rows: 100_000, rounds: 5, seconds: 3 })
  expect(readOptions(['--quick'], '')).toEqual({ ...all, rows: 20_000, rounds: 1, seconds: 2 })
})

test.each([['--only', 'nothing'], ['--rounds', '0'], ['--seconds', 'x'], ['--unknown']])(
  'tells how it is used when it is given %s',
  (...args) => {
    expect(() => readOptions(args, '')).toThrow('usage: npm run bench')
  },
)
