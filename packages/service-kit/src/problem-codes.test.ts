import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { PROBLEMS } from './problem-codes.ts'

const DOCUMENT = join(import.meta.dirname, '../../../docs/errors.md')

/** `type` of an answer ends in `#code`, so each code has a heading of its own, with its status. */
function readHeadings(): Record<string, number> {
  const [, problems = ''] = readFileSync(DOCUMENT, 'utf8').split('\n## Problems\n')
  const [section = ''] = problems.split('\n## ')
  const headings = section.matchAll(/^### (\S+)\n\n(\d{3}) /gm)
  return Object.fromEntries([...headings].map(([, code = '', status]) => [code, Number(status)]))
}

test('docs/errors.md explains every problem code with its status, and no other', () => {
  const codes = Object.entries(PROBLEMS).map(([code, { status }]) => [code, status] as const)
  expect(readHeadings()).toEqual(Object.fromEntries(codes))
})
