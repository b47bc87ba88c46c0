// Node's loader hooks: TypeScript is stripped, as Jest does it, so that a test can start a program without a build.
import { hash } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * What has been stripped is kept here under the hash of what it was: a run starts more than a hundred processes.
 * @type {string | null}
 */
let folder = null

/** @type {import('node:module').InitializeHook<{ cache: string | null }>} */
export function initialize({ cache }) {
  folder = cache
  if (folder !== null) mkdirSync(folder, { recursive: true })
}

/** @type {import('node:module').LoadHook} */
export async function load(url, context, nextLoad) {
  if (!url.startsWith('file:') || !url.endsWith('.ts')) return nextLoad(url, context)
  const text = readFileSync(fileURLToPath(url), 'utf8')
  const source = await (folder === null
    ? strip(text)
    : stripOnce(join(folder, hash('sha1', text)), text))
  return { format: 'module', source, shortCircuit: true }
}

/** @param {string} file @param {string} text */
async function stripOnce(file, text) {
  const kept = find(file)
  if (kept !== undefined) return kept
  const code = await strip(text)
  // Two processes that begin together both write it: nobody may read a half.
  const draft = `${file}.${process.pid}`
  writeFileSync(draft, code)
  renameSync(draft, file)
  return code
}

/** @param {string} file */
function find(file) {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined // nobody has needed it yet
  }
}

/** @param {string} text */
async function strip(text) {
  // Only who has something to strip pays for loading it.
  const { transform } = await import('@swc/core')
  const { code } = await transform(text, {
    swcrc: false,
    jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
    module: { type: 'es6' },
  })
  return code
}
