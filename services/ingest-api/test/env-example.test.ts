import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { expect, test } from '@jest/globals'
import { readConfig } from '../src/config.ts'

const text = readFileSync(join(import.meta.dirname, '../.env.example'), 'utf8')

test('.env.example is taken as it is', () => {
  expect(() => readConfig(parseEnv(text))).not.toThrow()
})

test('.env.example names every variable, with a value that is taken', () => {
  const everything = parseEnv(text.replaceAll(/^# (?=[A-Z_]+=)/gm, ''))
  const asked = new Set<string>()
  const env = new Proxy(everything, {
    get(target, name) {
      asked.add(String(name).replace(/_FILE$/, ''))
      return typeof name === 'string' ? target[name] : undefined
    },
  })
  expect(() => readConfig(env)).not.toThrow()
  expect(Object.keys(everything).toSorted()).toEqual([...asked].toSorted())
})
