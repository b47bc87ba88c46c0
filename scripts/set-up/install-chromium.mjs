import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { STATE } from './paths.mjs'
import { run } from './run.mjs'

const INSTALL_LIMIT_MS = 5 * 60_000
const PROGRAMS = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome']
/** Debian's; the fonts are for pictures that people read. */
const BROWSER = ['chromium']
const FONTS = ['fonts-noto-cjk']

/** Whether there is a browser for the tests of the operators' page, installed now where this may be done. */
export async function haveChromium({ withFonts = false } = {}) {
  const wanted = [...(findBrowser() ? [] : BROWSER), ...(withFonts && !hasFonts() ? FONTS : [])]
  if (wanted.length > 0 && process.getuid?.() === 0 && findProgram(['apt-get']))
    await aptGet(wanted)
  return findBrowser() !== undefined
}

async function aptGet(packages) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const logFile = join(STATE, 'install-chromium.log')
  const options = { env, logFile, limitMs: INSTALL_LIMIT_MS }
  await run('apt-get', ['update'], options)
  await run('apt-get', ['install', '-y', '--no-install-recommends', ...packages], options)
}

const findBrowser = () => process.env.CHROMIUM_PATH ?? findProgram(PROGRAMS)

function findProgram(names) {
  const folders = (process.env.PATH ?? '').split(delimiter)
  return folders
    .flatMap((folder) => names.map((name) => join(folder, name)))
    .find((path) => existsSync(path))
}

function hasFonts() {
  return existsSync('/usr/share/fonts/opentype/noto')
}
