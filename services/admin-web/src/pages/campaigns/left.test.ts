import { expect, test } from '@jest/globals'
import { countLeft } from './left.ts'

test('whoever has no message yet is left, and whose message no provider has', () => {
  const counts = { recipients: 20, rejected: 0, duplicates: 0, handed: 15, suppressed: 0 }
  const byStatus = { held: 4, queued: 2, sending: 3, delivered: 6 }
  expect(countLeft({ counts: { ...counts, pending: 5, by_status: byStatus } })).toBe(11)
})
