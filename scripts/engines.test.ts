import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'

const STORE = join(import.meta.dirname, '../node_modules/.pnpm')
// No dependency of ours, but of several of our tools: pnpm hoists it here.
const semver = createRequire(join(STORE, 'node_modules/'))('semver') as {
  satisfies(version: string, range: string): boolean
}

function listEngines(): { name: string; range: string }[] {
  return readdirSync(STORE)
    .flatMap((entry) => listPackageFolders(join(STORE, entry, 'node_modules')))
    .flatMap((folder) => {
      const manifest = readManifest(folder)
      const range = manifest?.engines?.node
      return range === undefined ? [] : [{ name: manifest?.name ?? folder, range }]
    })
}

function listPackageFolders(folder: string): string[] {
  return list(folder).flatMap((name) =>
    name.startsWith('@')
      ? list(join(folder, name)).map((scoped) => join(folder, name, scoped))
      : [join(folder, name)],
  )
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return [] // a file, or a package that has none
  }
}

function readManifest(folder: string): { name?: string; engines?: { node?: string } } | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as object
  } catch {
    return undefined // a folder that is no package
  }
}

test.each(['20.19.0', '24.0.0'])('every installed package runs on Node %s', (version) => {
  const engines = listEngines()
  expect(engines.length).toBeGreaterThan(100)
  expect(engines.filter(({ range }) => !semver.satisfies(version, range))).toEqual([])
})
