import { accessSync, constants, mkdirSync } from 'node:fs'
import { build } from './build.mjs'
import { buildConsole } from './build-console.mjs'
import { Failure } from './failure.mjs'
import { install, isInstalled } from './install.mjs'
import { haveChromium } from './install-chromium.mjs'
import { withLock } from './lock.mjs'
import { ROOT, STATE } from './paths.mjs'
import { step } from './progress.mjs'

/** The commands that serve the operators' page. */
const SERVES_PAGE = new Set(['start', 'dev', 'test', 'build', 'screenshots'])
/** Those that drive it in a browser. */
const OPENS_PAGE = new Set(['test', 'screenshots'])

/** Brings the folder to where `command` can run: dependencies as the lockfile says, everything built. */
export async function main(command) {
  // The check builds by itself, and says more about what is wrong.
  const builds = command !== 'check'
  const steps = builds ? 3 : 2
  try {
    requireWritableFolder()
    await withLock(async () => {
      if (isInstalled()) console.log(`[1/${steps}] dependencies: there already`)
      else await step(`[1/${steps}] installing dependencies`, install)
      if (!builds) return
      await step(`[2/${steps}] building`, async () => {
        await build()
        if (SERVES_PAGE.has(command)) await buildConsole()
      })
      if (!OPENS_PAGE.has(command)) return
      if (!(await haveChromium({ withFonts: command === 'screenshots' }))) {
        console.log(
          'there is no Chromium: the tests of the page are skipped. Install it, or set CHROMIUM_PATH',
        )
      }
    })
    console.log(`[${steps}/${steps}] ${command}`)
  } catch (err) {
    if (!(err instanceof Failure)) throw err
    console.error(`\nset-up failed: ${err.message}`)
    process.exitCode = 1
  }
}

function requireWritableFolder() {
  try {
    accessSync(ROOT, constants.W_OK)
    mkdirSync(STATE, { recursive: true })
  } catch (err) {
    throw new Failure(
      `${ROOT} cannot be written (${err.code}): copy it to a folder of yours and run the command there`,
    )
  }
}
