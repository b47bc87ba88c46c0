import { readFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import { causeWords } from './cause-words.ts'
import { warningWords } from './reason-words.ts'

const DOCUMENT = readFileSync(new URL('../../../../docs/errors.md', import.meta.url), 'utf8')

test.each([
  ['Errors of a message', causeWords],
  ['Warnings', warningWords],
])('every code under "%s" in docs/errors.md has its Chinese', (title, { 'zh-Hant': known }) => {
  const codes = codesUnder(title)
  expect(codes).not.toEqual([])
  expect(codes.filter((code) => known[code] === undefined)).toEqual([])
})

/** Of the first column of its table; a row may have several. */
function codesUnder(title: string): string[] {
  const section = DOCUMENT.split(`\n## ${title}\n`)[1]?.split('\n## ')[0] ?? ''
  const cells = section.split('\n').filter((line) => line.startsWith('| `'))
  return cells.flatMap((line) =>
    [...(line.split('|')[1] ?? '').matchAll(/`([^`]+)`/g)].map(([, code = '']) => code),
  )
}
