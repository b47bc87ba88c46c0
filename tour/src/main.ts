// `npm run screenshots [FOLDER]`: the whole gateway with simulated providers and a day's data, and a picture of every page.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { findChromium } from './find-chromium.ts'
import { launchChromium } from './launch-chromium.ts'
import { makeData } from './make-data.ts'
import { measureFirstPage } from './measure-first-page.ts'
import { runGateway } from './run-gateway.ts'
import { takeScreenshots } from './take-screenshots.ts'

const DEFAULT_FOLDER = fileURLToPath(new URL('../../docs/screenshots', import.meta.url))

const folder = resolve(process.argv[2] ?? DEFAULT_FOLDER)
const chromium = findChromium(process.env)
if (chromium === undefined) {
  console.error('there is no Chromium: install it, or set CHROMIUM_PATH to one')
  process.exit(1)
}
const dataDir = mkdtempSync(join(tmpdir(), 'sms-gateway-tour-'))
const gateway = await runGateway(dataDir, process.env)
try {
  await makeData(gateway)
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  const browser = await launchChromium(chromium)
  try {
    const { firstContentMs, largestMs, bytes } = await measureFirstPage(browser, gateway.url)
    const kB = Math.round(bytes / 1000)
    console.log(
      `first page, cold: ${firstContentMs.toFixed(0)} ms to its first content, ${largestMs.toFixed(0)} ms to its largest, ${kB} kB`,
    )
    const taken = await takeScreenshots(browser, { ...gateway, folder })
    const wide = taken.filter(({ file }) => !/-(en|narrow)\.png$/.test(file))
    const lines = wide.map(({ file, title }) => `![${title}](${file})\n`)
    writeFileSync(
      join(folder, 'README.md'),
      `# Every page\n\nBy \`npm run screenshots\`.\n\n${lines.join('\n')}`,
    )
  } finally {
    await browser.close()
  }
} finally {
  await gateway.stop()
  rmSync(dataDir, { recursive: true, force: true })
}
