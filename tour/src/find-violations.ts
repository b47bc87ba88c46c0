import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type axe from 'axe-core'
import type { Page } from 'playwright-core'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
const SERIOUS = new Set(['serious', 'critical'])

/** What axe finds serious on the page as it is now: the rule, why, and where. */
export async function findViolations(page: Page): Promise<string[]> {
  await page.evaluate(nextFrames)
  // By the debugger, past the page's own policy on scripts.
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(AXE)
  const results = await page.evaluate(
    (tags) => window.axe.run(document, { runOnly: tags, resultTypes: ['violations'] }),
    TAGS,
  )
  return results.violations
    .filter(({ impact }) => SERIOUS.has(impact ?? ''))
    .flatMap(({ id, help, nodes }) =>
      nodes.map(({ target, failureSummary }) =>
        [`${id}: ${help}`, `at ${target.join(' ')}`, failureSummary ?? ''].join('\n'),
      ),
    )
}

/** Colours that change do so by the frame after the next. */
function nextFrames(): Promise<unknown> {
  return new Promise((resolve) => {
    requestAnimationFrame(() => requestAnimationFrame(resolve))
  })
}

declare global {
  interface Window {
    axe: typeof axe
  }
}
