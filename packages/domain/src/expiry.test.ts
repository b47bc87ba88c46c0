import { expect, test } from '@jest/globals'
import { defaultExpiry } from './expiry.ts'

test.each([
  ['otp', '2025-11-22T08:10:00.000Z'],
  ['emergency', '2025-11-23T08:00:00.000Z'],
  ['promotion', '2025-11-23T08:00:00.000Z'],
])('%s that goes at eight is worth something until %s', (messageType, end) => {
  expect(defaultExpiry(messageType, new Date('2025-11-22T08:00:00Z')).toISOString()).toBe(end)
})
