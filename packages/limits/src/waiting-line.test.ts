import { fc, test as property } from '@fast-check/jest'
import { expect, test } from '@jest/globals'
import type { Lane } from '@sms-gateway/domain/lane'
import { LANES } from '@sms-gateway/domain/lane'
import { createWaitingLine } from './waiting-line.ts'

function lineOf(lanes: Lane[]) {
  const line = createWaitingLine<string>()
  for (const [index, lane] of lanes.entries()) line.add(lane, `${lane}-${index}`)
  return line
}
const laneOf = (waiter: string | undefined) => waiter?.split('-')[0]

test('the urgent are served first, then the normal, then the bulk, each in their order', () => {
  const line = lineOf(['bulk', 'normal', 'urgent', 'normal', 'urgent'])
  expect([line.next(), line.next(), line.next(), line.next(), line.next(), line.next()]).toEqual([
    ...['urgent-2', 'urgent-4', 'normal-1', 'normal-3', 'bulk-0'],
    undefined,
  ])
})

test('every tenth is bulk while bulk waits', () => {
  const line = lineOf([...Array<Lane>(50).fill('urgent'), ...Array<Lane>(5).fill('bulk')])
  const served = Array.from({ length: 50 }, () => laneOf(line.next()))
  expect(served.flatMap((lane, index) => (lane === 'bulk' ? [index + 1] : []))).toEqual([
    10, 20, 30, 40, 50,
  ])
})

test('one who gave up is not served', () => {
  const line = lineOf(['urgent', 'normal'])
  line.remove('urgent', 'urgent-0')
  expect(line.next()).toBe('normal-1')
})

const lanes = fc.array(fc.constantFrom(...LANES), { maxLength: 60 })
property.prop([lanes, fc.nat(20), fc.constantFrom(...LANES)])(
  'knows how many are served before one who comes now',
  (waiting, servedBefore, lane) => {
    const line = lineOf(waiting)
    for (let index = 0; index < servedBefore; index++) line.next()
    const expected = line.countAhead(lane)
    line.add(lane, 'me')
    let ahead = 0
    while (line.next() !== 'me') ahead++
    // Bulk may be served a little earlier than promised, never later.
    expect(ahead).toBeLessThanOrEqual(expected + (lane === 'bulk' ? 0 : 1))
    if (lane !== 'bulk') expect(ahead).toBeGreaterThanOrEqual(expected - 1)
  },
)
