import { expect, test } from '@jest/globals'
import { chooseLane, LANES } from './lane.ts'

test.each([
  { messageType: 'otp', priority: undefined, expected: 'urgent' },
  { messageType: 'otp', priority: 'bulk', expected: 'urgent' },
  { messageType: 'emergency', priority: 'normal', expected: 'urgent' },
  { messageType: 'promotion', priority: undefined, expected: 'normal' },
  { messageType: 'promotion', priority: 'bulk', expected: 'bulk' },
  { messageType: 'delivery', priority: 'urgent', expected: 'urgent' },
  { messageType: 'otp_reminder', priority: undefined, expected: 'normal' },
] as const)('$messageType with priority $priority is $expected', (sample) => {
  expect(chooseLane(sample.messageType, sample.priority)).toBe(sample.expected)
})

test('the lanes are in order of urgency', () => {
  expect(LANES).toEqual(['urgent', 'normal', 'bulk'])
})
