import '../test-support/browser-globals.ts'
import { beforeAll, expect, test } from '@jest/globals'
import { API_KEY } from '@sms-gateway/all-in-one/test-support/settings'
import { type Gateway, startGateway } from '@sms-gateway/all-in-one/test-support/world'
import { findViolations } from '@sms-gateway/tour/find-violations'
import { openConsole, signIn } from '@sms-gateway/tour/open-console'
import { words } from '../src/pages/sign-in/words.ts'
import { shellWords } from '../src/shell/words.ts'
import { describeVisits, VISITORS } from '../test-support/describe-visits.ts'

/** Of the door and of the first page behind it together, as they go over the wire. */
const LIMIT_BYTES = 300_000

describeVisits('the door of the console', ({ browser, cleanUp }) => {
  let gateway: Gateway
  beforeAll(async () => {
    gateway = await startGateway('postgres', cleanUp)
  })

  test.each(VISITORS)('lets a key in, and out again: $language at $width px', async (visitor) => {
    const { context, page, errors } = await openConsole(browser(), gateway.url, visitor)
    const own = words[visitor.language]
    const shell = shellWords[visitor.language]
    await page.goto('/')
    await page.getByRole('heading', { level: 1, name: own.title }).waitFor()
    expect(await findViolations(page)).toEqual([])

    await page.getByLabel(own.apiKey).fill('sk_wrong_wrong_wrong_wrong')
    await page.getByRole('button', { name: own.signIn, exact: true }).click()
    await page.getByRole('alert').getByText(own.refused).waitFor()

    await signIn(page, API_KEY)
    expect(await page.locator('html').getAttribute('lang')).toBe(visitor.language)
    await page.getByRole('heading', { level: 1 }).waitFor()
    const cookies = await context.cookies(`${gateway.url}/api/v1/sms/session`)
    expect(cookies).toMatchObject([{ name: 'sms_session', httpOnly: true, sameSite: 'Strict' }])

    await page.reload()
    await page.getByRole('button', { name: shell.account }).click()
    await page.getByRole('menuitem', { name: shell.signOut, exact: true }).click()
    await page.getByLabel(own.apiKey).waitFor()
    expect(await context.cookies(`${gateway.url}/api/v1/sms/session`)).toEqual([])
    expect(errors).toEqual([])
    await context.close()
  })

  test('shows itself to who watched for an hour and asked for nothing', async () => {
    const [visitor] = VISITORS
    const { context, page } = await openConsole(browser(), gateway.url, visitor!)
    await page.goto('/')
    await signIn(page, API_KEY)
    await page.getByRole('heading', { level: 1 }).waitFor()
    await gateway.stores.query("update session set last_seen_at = now() - interval '61 minutes'")
    await page.getByLabel(words[visitor!.language].apiKey).waitFor()
    await context.close()
  })

  test.each(VISITORS)('ends every session: $language at $width px', async (visitor) => {
    const shell = shellWords[visitor.language]
    const [here, there] = [
      await openConsole(browser(), gateway.url, visitor),
      await openConsole(browser(), gateway.url, visitor),
    ]
    for (const { page } of [here, there]) {
      await page.goto('/')
      await signIn(page, API_KEY)
      await page.getByRole('heading', { level: 1 }).waitFor()
    }
    await here.page.getByRole('button', { name: shell.account }).click()
    await here.page.getByRole('menuitem', { name: shell.signOutEverywhere }).click()
    const dialog = here.page.getByRole('dialog', { name: shell.everywhereTitle })
    await dialog.getByText(shell.sharedKey).waitFor()
    expect(await findViolations(here.page)).toEqual([])
    await dialog.getByRole('button', { name: shell.signOutEverywhere }).click()
    for (const { page, context } of [here, there]) {
      await page.getByLabel(words[visitor.language].apiKey).waitFor()
      await context.close()
    }
  })

  test('weighs little', async () => {
    const [visitor] = VISITORS
    const { context, page } = await openConsole(browser(), gateway.url, visitor!)
    const session = await context.newCDPSession(page)
    await session.send('Network.enable')
    let bytes = 0
    session.on('Network.loadingFinished', ({ encodedDataLength }) => {
      bytes += encodedDataLength
    })
    await page.goto('/', { waitUntil: 'networkidle' })
    expect(bytes).toBeGreaterThan(50_000)
    await signIn(page, API_KEY)
    // With the chart, which comes last.
    await page.locator('main svg polyline').first().waitFor({ state: 'attached' })
    expect(bytes).toBeLessThan(LIMIT_BYTES)
    await context.close()
  })
})
