import { expect, test } from '@jest/globals'
import { crc32c } from './crc32c.ts'

// RFC 3720, appendix B.4, and the check value of the catalogue of CRCs.
test.each([
  ['123456789', 0xe3069283],
  ['', 0],
  ['\0'.repeat(32), 0x8a9136aa],
])('of %j', (text, expected) => {
  expect(crc32c(Buffer.from(text))).toBe(expected)
})
