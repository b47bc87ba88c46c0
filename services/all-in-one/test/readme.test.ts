import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { readConfig } from '../src/config.ts'

test('the table of README.md names every variable of npm start, and no other', () => {
  const readme = readFileSync(join(import.meta.dirname, '../../../README.md'), 'utf8')
  const named = [...readme.matchAll(/^\| `([A-Z_]+)`/gm)].map(([, name = '']) => name)
  const asked = new Set<string>()
  const nothing = new Proxy<Record<string, string>>(
    {},
    {
      get(_target, name) {
        asked.add(String(name).replace(/_FILE$/, ''))
        return undefined
      },
    },
  )
  readConfig(nothing)
  expect(named.toSorted()).toEqual([...asked].toSorted())
})
