import type { Browser } from 'playwright-core'
import { openConsole } from './open-console.ts'

export interface FirstPage {
  /** From the call to the first content that is painted. */
  firstContentMs: number
  /** To its largest part. */
  largestMs: number
  /** Over the wire, all files. */
  bytes: number
}

/** The door of the console on a cold cache. */
export async function measureFirstPage(browser: Browser, url: string): Promise<FirstPage> {
  const { context, page } = await openConsole(browser, url, {
    language: 'zh-Hant',
    theme: 'light',
    width: 1440,
    height: 900,
  })
  const session = await context.newCDPSession(page)
  await session.send('Network.enable')
  let bytes = 0
  session.on('Network.loadingFinished', ({ encodedDataLength }) => {
    bytes += encodedDataLength
  })
  await page.goto('/', { waitUntil: 'networkidle' })
  const paints = await page.evaluate(readPaints)
  await context.close()
  return { ...paints, bytes }
}

async function readPaints(): Promise<{ firstContentMs: number; largestMs: number }> {
  const [first] = performance.getEntriesByName('first-contentful-paint')
  const largest = await new Promise<number>((resolve) => {
    new PerformanceObserver((list) => {
      resolve(list.getEntries().at(-1)?.startTime ?? 0)
    }).observe({ type: 'largest-contentful-paint', buffered: true })
  })
  return { firstContentMs: first?.startTime ?? 0, largestMs: largest }
}
