import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { openConsole, signIn, type Visitor } from './open-console.ts'

export interface Screenshot {
  file: string
  title: string
}

const WIDE = { width: 1440, height: 900 }
const NARROW = { width: 390, height: 844 }
/** For what is drawn after its data came, such as charts. */
const DRAWN_MS = 1_200

/** Every page of the navigation, and the first message of the list opened. */
export async function takeScreenshots(
  browser: Browser,
  { url, apiKey, folder }: { url: string; apiKey: string; folder: string },
): Promise<Screenshot[]> {
  const taken: Screenshot[] = []
  for (const theme of ['light', 'dark'] as const) {
    const visitors: [string, Visitor, number | undefined][] = [
      [theme, { language: 'zh-Hant', theme, ...WIDE }, undefined],
      [`${theme}-en`, { language: 'en', theme, ...WIDE }, 1],
      [`${theme}-narrow`, { language: 'zh-Hant', theme, ...NARROW }, 3],
    ]
    for (const [suffix, visitor, limit] of visitors) {
      const { context, page } = await openConsole(browser, url, visitor)
      const shoot = async (name: string) => {
        await settle(page)
        const file = `${name}-${suffix}.png`
        await page.screenshot({ path: join(folder, file) })
        taken.push({ file, title: await page.title() })
        console.log(file)
      }
      await page.goto('/')
      await page.locator('input[name="api-key"]').waitFor()
      if (limit === undefined) await shoot('sign-in')
      await signIn(page, apiKey)
      const paths = await listPages(page)
      for (const path of paths.slice(0, limit)) {
        await page.goto(path)
        await shoot(path.slice(1).replaceAll('/', '-'))
        if (limit === undefined) await shootDetail(page, path, shoot)
      }
      await context.close()
    }
  }
  return taken
}

/** The first thing of a list, opened, where the page has such. */
async function shootDetail(
  page: Page,
  path: string,
  shoot: (name: string) => Promise<void>,
): Promise<void> {
  const link = page.locator(`main table a[href^="${path}/"]`).first()
  if ((await link.count()) === 0) return
  const href = await link.getAttribute('href')
  if (href === null) return
  await page.goto(href)
  await shoot(`${path.slice(1)}-one`)
}

async function listPages(page: Page): Promise<string[]> {
  const links = page.locator('nav a[href^="/"]')
  await links.first().waitFor({ state: 'attached' })
  return await links.evaluateAll((all) => all.map((each) => each.getAttribute('href') ?? '/'))
}

/** Server-sent events never end, so the network is never idle: the page is there when nothing is loading in it. */
async function settle(page: Page): Promise<void> {
  await page.locator('h1').first().waitFor()
  await page.waitForFunction(() => document.querySelector('main [aria-busy="true"]') === null)
  await page.waitForTimeout(DRAWN_MS)
}
