import { mkdtempSync } from 'node:fs'
import { join } from 'node:path'

/** An empty folder, removed after the run together with any server whose pid file is in it. */
export function makeTestFolder(): string {
  const parent = process.env['TEST_FOLDER']
  if (parent === undefined) throw new Error('run the tests by jest from the root')
  return mkdtempSync(join(parent, 'folder-'))
}
