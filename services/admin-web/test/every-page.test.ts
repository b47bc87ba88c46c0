import '../test-support/browser-globals.ts'
import { beforeAll, expect, test } from '@jest/globals'
import { newPhone, newText } from '@sms-gateway/all-in-one/test-support/people'
import { type Gateway, startGateway } from '@sms-gateway/all-in-one/test-support/world'
import type { Visitor } from '@sms-gateway/tour/open-console'
import { PAGES } from '../src/pages.ts'
import { describeVisits } from '../test-support/describe-visits.ts'
import { startVisit } from '../test-support/visit.ts'

const WIDE = { width: 1440, height: 900 }
const NARROW = { width: 390, height: 844 }
const VISITORS: readonly Visitor[] = [
  { language: 'en', theme: 'light', ...WIDE },
  { language: 'en', theme: 'dark', ...NARROW },
  { language: 'zh-Hant', theme: 'dark', ...WIDE },
  { language: 'zh-Hant', theme: 'light', ...NARROW },
]

function moveTo(path: string): void {
  history.pushState(null, '', path)
  dispatchEvent(new PopStateEvent('popstate'))
}

describeVisits('every page', (visits) => {
  let gateway: Gateway
  beforeAll(async () => {
    gateway = await startGateway('postgres', visits.cleanUp)
    const phone = newPhone().local
    const { id } = await gateway.api.send({ phone, message: newText(), customer_id: 'C-1' })
    await gateway.api.untilStatus(id, 'delivered')
  })

  test.each(VISITORS)('is for all: $language, $theme, $width px', async (visitor) => {
    const visit = await startVisit(visits, gateway, visitor)
    const { page, language } = visit
    for (const { path, title } of PAGES) {
      // One visitor comes to each page by its address; the others go from page to page, as people do.
      await (visitor === VISITORS[0] ? page.goto(`/${path}`) : page.evaluate(moveTo, `/${path}`))
      await page.waitForFunction((name) => document.title.includes(name), title[language])
      await page.getByRole('heading', { level: 1 }).waitFor()
      await page.waitForFunction(() => !document.querySelector('main .mantine-Skeleton-root'))
      expect(await page.locator('h1').count()).toBe(1)
      // Nothing is wider than the window.
      const { over } = await page.evaluate(() => ({
        over: document.documentElement.scrollWidth - document.documentElement.clientWidth,
      }))
      expect({ path, over }).toEqual({ path, over: 0 })
      await visit.expectAccessible()
    }
    await visit.leave()
  })
})
