import { expect, test } from '@jest/globals'
import { checkMetadata } from './check-metadata.ts'

/** `{"note":"..."}` is 11 bytes without its text. */
const noteOf = (text: string) => ({ metadata: { note: text } })

test.each([
  ['none', {}],
  ['an empty one', { metadata: {} }],
  ['4,096 bytes', noteOf('x'.repeat(4_085))],
  ['4,096 bytes of Chinese', noteOf(`${'氣'.repeat(1_361)}xx`)],
])('takes %s', (_, request) => {
  expect(checkMetadata(request)).toBeUndefined()
})

test.each([
  ['letters', 'x'.repeat(4_086), 4_097],
  ['Chinese, of which each character is three bytes', '氣'.repeat(1_362), 4_097],
  ['what is written as two characters each', '"'.repeat(2_043), 4_097],
])('refuses 4,097 bytes of %s, and says what to do', (_, text, bytes) => {
  const refused = checkMetadata(noteOf(text))
  expect(refused).toMatchObject({ code: 'metadata-too-large', errors: [{ path: 'metadata' }] })
  expect(refused?.detail).toContain(`metadata is ${bytes} bytes as JSON, and at most 4096`)
})
