import type { Browser, BrowserContext, Page } from 'playwright-core'

/** Somebody at the operators' page. */
export interface Visitor {
  language: 'zh-Hant' | 'en'
  width: number
  height: number
  theme: 'light' | 'dark'
}

export interface ConsoleWindow {
  context: BrowserContext
  page: Page
  /** What went wrong in the page so far: errors, and what the browser refused. */
  errors: readonly string[]
}

/** A wait of the page for what it shows next: longer than a process of a busy machine may stand still. */
const WAIT_LIMIT_MS = 100_000

/** A browser of its own, as after a cold start: no cache, no cookie, no choice made. */
export async function openConsole(
  browser: Browser,
  url: string,
  { language, width, height, theme }: Visitor,
): Promise<ConsoleWindow> {
  const context = await browser.newContext({
    baseURL: url,
    locale: language === 'en' ? 'en-GB' : 'zh-TW',
    timezoneId: 'Asia/Taipei',
    viewport: { width, height },
    colorScheme: theme,
    reducedMotion: 'reduce',
    acceptDownloads: true,
  })
  context.setDefaultTimeout(WAIT_LIMIT_MS)
  const page = await context.newPage()
  const errors: string[] = []
  page.on('pageerror', (err) => {
    errors.push(err.message)
  })
  page.on('console', (message) => {
    // A call that was refused is for the page to show; here it would be said twice.
    const isAnswer = message.text().startsWith('Failed to load resource')
    if (message.type() === 'error' && !isAnswer) errors.push(message.text())
  })
  return { context, page, errors }
}

/** By what is the same in every language. */
export async function signIn(page: Page, apiKey: string): Promise<void> {
  await page.goto('/')
  await page.locator('input[name="api-key"]').fill(apiKey)
  await page.locator('button[type="submit"]').click()
  await page.locator('nav').waitFor({ state: 'attached' })
}
