import { expect } from '@jest/globals'
import type { BrowserContext, Page } from 'playwright-core'
import { API_KEY } from '@sms-gateway/all-in-one/test-support/settings'
import type { Gateway } from '@sms-gateway/all-in-one/test-support/world'
import { findViolations } from '@sms-gateway/tour/find-violations'
import { openConsole, signIn, type Visitor } from '@sms-gateway/tour/open-console'
import type { Visits } from './describe-visits.ts'

export interface Visit {
  page: Page
  context: BrowserContext
  language: Visitor['language']
  /** The page as it is has nothing that axe finds serious. */
  expectAccessible(): Promise<void>
  /** The page made no mistake of its own meanwhile. */
  leave(): Promise<void>
}

/** Somebody signed in with the key that may do everything. */
export async function startVisit(
  { browser }: Pick<Visits, 'browser'>,
  gateway: Pick<Gateway, 'url'>,
  visitor: Visitor,
): Promise<Visit> {
  const { context, page, errors } = await openConsole(browser(), gateway.url, visitor)
  await signIn(page, API_KEY)
  return {
    ...{ page, context, language: visitor.language },
    async expectAccessible() {
      expect(await findViolations(page)).toEqual([])
    },
    async leave() {
      expect(errors).toEqual([])
      await context.close()
    },
  }
}
