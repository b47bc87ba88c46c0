import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { STATE } from './paths.mjs'
import { run } from './run.mjs'

const INSTALL_LIMIT_MS = 5 * 60_000
/** Debian's; the fonts are for pictures that people read. */
const BROWSER = ['chromium']
const FONTS = ['fonts-noto-cjk']

/** Whether there is a browser for the tests of the operators' page, installed now where this may be done. */
export async function haveChromium({ withFonts = false } = {}) {
  // Built by then, and what the tests themselves look for it with.
  const { findChromium, findProgram } = await import('../../tour/dist/find-chromium.js')
  const hasChromium = () => findChromium(process.env) !== undefined
  const wanted = [...(hasChromium() ? [] : BROWSER), ...(withFonts && !hasFonts() ? FONTS : [])]
  const mayInstall = process.getuid?.() === 0 && findProgram(['apt-get'], process.env) !== undefined
  if (wanted.length > 0 && mayInstall) await aptGet(wanted)
  return hasChromium()
}

async function aptGet(packages) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const logFile = join(STATE, 'install-chromium.log')
  const options = { env, logFile, limitMs: INSTALL_LIMIT_MS }
  await run('apt-get', ['update'], options)
  await run('apt-get', ['install', '-y', '--no-install-recommends', ...packages], options)
}

function hasFonts() {
  return existsSync('/usr/share/fonts/opentype/noto')
}
