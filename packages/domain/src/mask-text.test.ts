import { expect, test } from '@jest/globals'
import { maskPhone, maskText } from './mask-text.ts'

test.each([
  ['+886912345678', '+886912***678'],
  ['0912345678', '0912***678'],
  ['+12345678', '+12***678'],
  ['+14155552671', '+14155***671'],
  ['12345', '***345'],
])('%s is shown as %s', (number, shown) => {
  expect(maskPhone(number)).toBe(shown)
})

test('a piece of a file shows no number', () => {
  const line = `2026-11-22T09:12:34Z,sent,+886912345678,0912345678,"call 0987654321",886912345678\r\n`
  expect(maskText(line)).toBe(
    `2026-11-22T09:12:34Z,sent,+886912***678,0912***678,"call 0987***321",886912***678\r\n`,
  )
  expect(maskText('From=%2B886912345678&To=x')).toBe('From=%2B8869***678&To=x')
  const ids = '0192f3a1-0912-7345-8678-091234567812,SM091234567800,x0912345678'
  expect(maskText(ids)).toBe(ids)
})
