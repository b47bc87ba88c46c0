import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'

const ROOT = join(import.meta.dirname, '..')

const FOLDERS = [
  ...['packages', 'services'].flatMap((group) =>
    readdirSync(join(ROOT, group)).map((name) => `${group}/${name}`),
  ),
  'bench',
  'chaos',
  'tour',
].filter((folder) => existsSync(join(ROOT, folder, 'package.json')))

test('the root tsconfig.json builds every package that has one', () => {
  const { references } = JSON.parse(readFileSync(join(ROOT, 'tsconfig.json'), 'utf8')) as {
    references: { path: string }[]
  }
  const built = FOLDERS.filter((folder) => existsSync(join(ROOT, folder, 'tsconfig.json')))
  expect(references.map(({ path }) => path).toSorted()).toEqual(built.toSorted())
})

test('every package is named by its folder and asks for one version of each dependency', () => {
  for (const folder of FOLDERS) {
    const manifest = JSON.parse(readFileSync(join(ROOT, folder, 'package.json'), 'utf8')) as {
      name: string
      dependencies?: Record<string, string>
      devDependencies?: Record<string, string>
    }
    expect(manifest.name).toBe(`@sms-gateway/${folder.split('/').at(-1) ?? ''}`)
    const versions = Object.values({ ...manifest.dependencies, ...manifest.devDependencies })
    expect(versions.filter((version) => !['catalog:', 'workspace:*'].includes(version))).toEqual([])
  }
})
