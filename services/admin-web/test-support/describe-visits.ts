import { afterAll, beforeAll, describe, test } from '@jest/globals'
import type { Browser } from 'playwright-core'
import { type CleanUp, cleanUpAfterAll } from '@sms-gateway/all-in-one/test-support/clean-up'
import { findChromium } from '@sms-gateway/tour/find-chromium'
import { launchChromium } from '@sms-gateway/tour/launch-chromium'
import type { Visitor } from '@sms-gateway/tour/open-console'

/** Each language, each width and each theme, in two pairs. */
export const VISITORS: readonly Visitor[] = [
  { language: 'en', width: 1440, height: 900, theme: 'light' },
  { language: 'zh-Hant', width: 390, height: 844, theme: 'dark' },
]

export interface Visits {
  browser(): Browser
  cleanUp: CleanUp
}

/** Tests with a browser. Where the machine has none they are shown as skipped; in CI that is an error. */
export function describeVisits(title: string, body: (visits: Visits) => void): void {
  const executable = findChromium(process.env)
  if (executable === undefined) {
    describeWithout(title, body)
    return
  }
  describe(title, () => {
    let browser: Browser | undefined
    beforeAll(async () => {
      browser = await launchChromium(executable)
    })
    afterAll(() => browser?.close())
    body({
      cleanUp: cleanUpAfterAll(),
      browser() {
        if (!browser) throw new Error('the browser is opened before the first test, not before')
        return browser
      },
    })
  })
}

const unopened: Visits = {
  cleanUp: () => undefined,
  browser: () => {
    throw new Error('there is no Chromium on this machine')
  },
}

function describeWithout(title: string, body: (visits: Visits) => void): void {
  if (process.env['CI'] === 'true') {
    test(title, () => {
      throw new Error(
        'there is no Chromium on this machine: npm test installs it as root on Debian',
      )
    })
  } else {
    describe.skip(title, () => {
      body(unopened)
    })
  }
}
