// `npm test [-- arguments of jest]`: every test, then one line with the count.
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../', import.meta.url))
// Jest cannot load ES modules without the flag; the warning that it brings comes from every worker.
const NODE_FLAGS = '--experimental-vm-modules --disable-warning=ExperimentalWarning'

const folder = mkdtempSync(join(tmpdir(), 'sms-gateway-results-'))
const resultsFile = join(folder, 'results.json')
const jest = createRequire(import.meta.url).resolve('jest/bin/jest')

const child = spawn(
  process.execPath,
  [jest, '--json', '--outputFile', resultsFile, ...process.argv.slice(2)],
  {
    cwd: ROOT,
    // The results go to the file; standard output would repeat them.
    stdio: ['inherit', 'ignore', 'inherit'],
    env: { ...process.env, NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ''} ${NODE_FLAGS}`.trim() },
  },
)
// Jest is told by the same Ctrl-C; we stay to report how it ended.
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal))

child.on('exit', (code, signal) => {
  const { passed, failed, skipped } = readCounts()
  rmSync(folder, { recursive: true, force: true })
  if (passed + failed === 0) console.log('no test ran')
  else if (failed === 0 && code !== 0) console.log(`jest itself failed (${code ?? signal})`)
  console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`)
  process.exitCode = code === 0 && failed === 0 && passed > 0 ? 0 : 1
})

function readCounts() {
  try {
    const results = JSON.parse(readFileSync(resultsFile, 'utf8'))
    return {
      passed: results.numPassedTests,
      // A file that could not be loaded has no tests to count, and yet it failed.
      failed: results.numFailedTests + results.numRuntimeErrorTestSuites,
      skipped: results.numPendingTests + results.numTodoTests,
    }
  } catch {
    return { passed: 0, failed: 0, skipped: 0 } // it ended before it could write them
  }
}
