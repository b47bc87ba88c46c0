import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Failure } from './failure.mjs'
import { listPackages, ROOT, STATE } from './paths.mjs'
import { run } from './run.mjs'

const BUILD_LIMIT_MS = 10 * 60_000
/** Is there while a build runs, so one that was killed is seen by the next. */
const MARKER = join(STATE, 'building')
const SHOWN_ERRORS = 20

/** `tsc -b` does only what has changed; it is told to do everything where its own records cannot be trusted. */
export async function build() {
  const complete = listPackages().map(matchOutputToSources).every(Boolean)
  const args = ['-b', '--pretty', 'false']
  if (!complete || existsSync(MARKER)) args.push('--force')
  writeFileSync(MARKER, '')
  const logFile = join(STATE, 'build.log')
  const { code, output } = await run(
    process.execPath,
    [join(ROOT, 'node_modules/@typescript/native/bin/tsc'), ...args],
    { logFile, limitMs: BUILD_LIMIT_MS },
  )
  if (code !== null) rmSync(MARKER, { force: true })
  if (code === 0) return
  const errors = output.split('\n').filter((line) => / error TS\d+/.test(line))
  for (const line of errors.slice(0, SHOWN_ERRORS)) console.error(line)
  throw new Failure(
    errors.length > 0
      ? `the build has ${errors.length} type errors (the log is ${logFile})`
      : `the build failed: ${output.trim().split('\n').at(-1)} (the log is ${logFile})`,
  )
}

/** Removes the output of sources that are gone; false when the output of one is missing. */
function matchOutputToSources({ folder }) {
  const sources = join(folder, 'src')
  const output = join(folder, 'dist')
  if (!existsSync(sources) || !existsSync(join(folder, 'tsconfig.json'))) return true
  // Its dist is Vite's: see build-console.mjs.
  if (existsSync(join(folder, 'vite.config.ts'))) return true
  for (const file of listFiles(output)) {
    const source = /^(.*)\.(d\.ts|js)(\.map)?$/.exec(file)?.[1]
    if (source === undefined) continue
    const exists = ['.ts', '.tsx'].some((ending) => existsSync(join(sources, `${source}${ending}`)))
    if (!exists) rmSync(join(output, file), { force: true })
  }
  return listFiles(sources).every(
    (file) =>
      !/\.tsx?$/.test(file) ||
      /\.(test|d)\.tsx?$/.test(file) ||
      existsSync(join(output, file.replace(/\.tsx?$/, '.js'))),
  )
}

function listFiles(folder) {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { recursive: true }).map(String)
}
