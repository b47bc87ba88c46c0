import { expect, test } from '@jest/globals'
import type { ConversationResponse } from '@sms-gateway/contracts/conversations'
import { byDay } from './by-day.ts'
import { readTurns } from './read-turns.ts'

const page = (next_cursor: string | null): ConversationResponse => ({
  phone: '+886912***678',
  opted_out: false,
  data: [],
  next_cursor,
})

test('a conversation is read to its end, and afterwards its last page alone', async () => {
  const asked: (string | null)[] = []
  const read = (cursor: string | null) => {
    asked.push(cursor)
    return Promise.resolve(page(cursor === null ? 'a' : cursor === 'a' ? 'b' : null))
  }
  const pages = await readTurns([], read)
  expect(pages.map(({ next_cursor }) => next_cursor)).toEqual(['a', 'b', null])
  expect(await readTurns(pages, read)).toEqual(pages)
  expect(asked).toEqual([null, 'a', 'b', 'b'])
})

test('a conversation that never ends is left at a limit', async () => {
  expect(await readTurns([], () => Promise.resolve(page('on')))).toHaveLength(50)
})

test('turns stand under their days, in their order', () => {
  const turns = ['2026-11-01T10:00', '2026-11-01T11:00', '2026-11-02T09:00'].map((at) => ({ at }))
  expect(byDay(turns, (at) => at.slice(0, 10))).toEqual([
    { day: '2026-11-01', turns: turns.slice(0, 2) },
    { day: '2026-11-02', turns: turns.slice(2) },
  ])
})
