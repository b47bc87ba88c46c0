import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Failure } from './failure.mjs'
import { ROOT, STATE } from './paths.mjs'
import { run } from './run.mjs'

const BUILD_LIMIT_MS = 5 * 60_000
const FOLDER = join(ROOT, 'services/admin-web')
/** What the last build was made of; it goes with `.cache`, and a build follows. */
const STAMP = join(STATE, 'console')
/** The page takes types, and a few lists, from these. */
const SOURCES = [FOLDER, join(ROOT, 'packages/contracts/src'), join(ROOT, 'packages/domain/src')]
const NOT_SOURCES = /(^|[/\\])(node_modules|dist|test)([/\\]|$)|\.test\.tsx?$/

/** Builds the operators' page where what it is made of has changed. */
export async function buildConsole() {
  const wanted = fingerprint()
  if (read(STAMP) === wanted && existsSync(join(FOLDER, 'dist/index.html'))) return
  rmSync(STAMP, { force: true })
  const logFile = join(STATE, 'build-console.log')
  const { code, output } = await run(
    process.execPath,
    [join(FOLDER, 'node_modules/vite/bin/vite.js'), 'build', '--logLevel', 'warn', FOLDER],
    { logFile, limitMs: BUILD_LIMIT_MS },
  )
  if (code !== 0) {
    const reason = output.split('\n').find((line) => /error/i.test(line)) ?? 'no output'
    throw new Failure(
      `the operators' page could not be built: ${reason.trim()} (the log is ${logFile})`,
    )
  }
  writeFileSync(STAMP, wanted)
}

function fingerprint() {
  const hash = createHash('sha256')
  for (const file of [join(ROOT, 'pnpm-lock.yaml'), ...SOURCES.flatMap(listFiles)]) {
    hash.update(`${file.slice(ROOT.length)}\n${read(file)}\n`)
  }
  return hash.digest('hex')
}

/** By hand, so that node_modules is never walked. */
function listFiles(folder) {
  return readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => !NOT_SOURCES.test(name))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name)
      return entry.isDirectory() ? listFiles(path) : [path]
    })
}

function read(file) {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}
