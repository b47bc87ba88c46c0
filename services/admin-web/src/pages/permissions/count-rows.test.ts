import { expect, test } from '@jest/globals'
import { countRows } from './count-rows.ts'

test.each([
  ['', 0],
  ['\uFEFFphone,kind\r\n', 0],
  ['phone\n0912345678', 1],
  ['phone\r\n0912345678\r\n\r\n0912345679\r\n,,\r\n', 2],
  ['phone,reason\n0912345678,"by\ntelephone, ""soon"""\n0912345679,x\n', 2],
])('%j has %i rows', (csv, rows) => {
  expect(countRows(csv)).toBe(rows)
})
