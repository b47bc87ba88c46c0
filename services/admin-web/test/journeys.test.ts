import '../test-support/browser-globals.ts'
import { beforeAll, expect, test } from '@jest/globals'
import { createCampaigns } from '@sms-gateway/all-in-one/test-support/campaigns'
import { newPhone, newText } from '@sms-gateway/all-in-one/test-support/people'
import { type Gateway, startGateway } from '@sms-gateway/all-in-one/test-support/world'
import { detailWords } from '../src/pages/campaigns/detail-words.ts'
import { formWords } from '../src/pages/campaigns/form-words.ts'
import { scheduleWords } from '../src/pages/campaigns/schedule-words.ts'
import { words as campaignWords } from '../src/pages/campaigns/words.ts'
import { words as failedWords } from '../src/pages/failed/words.ts'
import { attemptWords } from '../src/pages/messages/attempt-words.ts'
import { messageWords } from '../src/pages/messages/message-words.ts'
import { words as privacyWords } from '../src/pages/privacy/words.ts'
import { editorWords } from '../src/pages/templates/editor-words.ts'
import { testWords } from '../src/pages/templates/test-words.ts'
import { words as templateWords } from '../src/pages/templates/words.ts'
import { statusWords } from '../src/parts/status-words.ts'
import { describeVisits, VISITORS } from '../test-support/describe-visits.ts'
import { startVisit } from '../test-support/visit.ts'

describeVisits('what people do at the console', (visits) => {
  let gateway: Gateway
  beforeAll(async () => {
    gateway = await startGateway('postgres', visits.cleanUp)
  })

  test.each(VISITORS)('see a timeline grow: $language at $width px', async (visitor) => {
    const visit = await startVisit(visits, gateway, visitor)
    const { page, language } = visit
    const words = messageWords[language]
    gateway.twilio.setScript({ receipts: { held: true } })
    const { id } = await gateway.api.send({ phone: newPhone().local, message: newText() })
    await page.goto(`/messages/${id}`)
    const timeline = page.getByRole('region', { name: words.timeline })
    await page.evaluate(() => (document.body.dataset['opened'] = 'once'))
    await timeline.getByText(statusWords[language].sent, { exact: true }).waitFor()
    gateway.twilio.setScript({ receipts: { held: false } })
    await timeline.getByText(statusWords[language].delivered, { exact: true }).waitFor()
    expect(await page.evaluate(() => document.body.dataset['opened'])).toBe('once')
    await gateway.api.untilStatus(id, 'delivered')
    await visit.expectAccessible()
    await visit.leave()
  })

  test.each(VISITORS)('see a provider fail over: $language at $width px', async (visitor) => {
    const visit = await startVisit(visits, gateway, visitor)
    const { page, language } = visit
    const words = { ...messageWords[language], ...attemptWords[language] }
    gateway.twilio.setScript({ errorRate: 1, errorStatus: 429 })
    const { id } = await gateway.api.send({ phone: newPhone().local, message: newText() })
    await page.goto(`/messages/${id}`)
    const attempts = page.getByRole('region', { name: words.attempts })
    await attempts.getByText('twilio').first().waitFor()
    await attempts.getByText(words.states.throttled).first().waitFor()
    await attempts.getByText('chunghwa').first().waitFor()
    gateway.twilio.setScript({ errorRate: 0 })
    const { provider } = await gateway.api.untilMessage(id, ({ status }) =>
      ['sent', 'delivered'].includes(status),
    )
    expect(provider).toBe('chunghwa')
    await visit.expectAccessible()
    await visit.leave()
  })

  test.each(VISITORS)('make a template and test it: $language at $width px', async (visitor) => {
    const visit = await startVisit(visits, gateway, visitor)
    const { page, language } = visit
    const words = { ...templateWords[language], editor: editorWords[language] }
    const { editor } = words
    const code = `made_${language === 'en' ? 'en' : 'zh'}`
    await page.goto('/templates')
    await page.getByRole('link', { name: words.add }).click()
    await page.getByRole('textbox', { name: editor.code }).fill(code)
    await page.getByRole('textbox', { name: editor.name, exact: true }).fill('Gas on its way')
    const contents = page.getByRole('textbox', { name: editor.content })
    await contents.nth(0).fill('瓦斯 {order_id} 今天送到')
    await page.getByText('UCS-2').first().waitFor()
    await page.getByRole('button', { name: editor.addVariant }).click()
    await contents.nth(1).fill('Order {order_id} comes today')
    await visit.expectAccessible()
    await page.getByRole('button', { name: editor.create }).click()
    await page.getByRole('heading', { level: 1, name: 'Gas on its way' }).waitFor()
    // What was typed is asked about from another tab, too.
    await page
      .getByRole('textbox', { name: editor.content })
      .first()
      .fill('瓦斯 {order_id} 明天送到')
    await page.getByRole('tab', { name: words.tabs.versions }).click()
    await page.getByRole('link', { name: 'SMS gateway' }).click()
    const asked = page.getByRole('dialog', { name: editor.leave })
    await asked.getByRole('button', { name: editor.stay }).click()
    await page.getByRole('tab', { name: words.tabs.test }).click()
    await page.getByRole('button', { name: testWords[language].start }).click()
    await visit.expectAccessible()
    await page.getByRole('button', { name: testWords[language].begin, exact: true }).click()
    await page.getByText(testWords[language].running).waitFor()
    const { json } = await gateway.api.call(`/api/v1/sms/templates/${code}/experiment`)
    expect(json).toMatchObject({ code, ended_at: null })
    await visit.expectAccessible()
    await visit.leave()
  })

  test.each(VISITORS)('send again what failed: $language at $width px', async (visitor) => {
    const visit = await startVisit(visits, gateway, visitor)
    const { page, language } = visit
    const words = failedWords[language]
    const { local, e164 } = newPhone()
    gateway.twilio.setScript({ numbers: { [e164]: { code: 21211 } } })
    const { id } = await gateway.api.send({ phone: local, message: newText() })
    await gateway.api.untilStatus(id, 'failed')
    gateway.twilio.setScript({ numbers: {} })
    await page.goto('/failed')
    await page.getByText('21211').first().waitFor()
    await visit.expectAccessible()
    const cause = page.getByRole('row').filter({ hasText: '21211' })
    const causeNarrow = page.getByRole('listitem').filter({ hasText: '21211' })
    await cause.or(causeNarrow).getByRole('button', { name: words.retry }).click()
    const dialog = page.getByRole('dialog', { name: words.retryTitle })
    await dialog.getByText(words.found('1')).waitFor()
    await visit.expectAccessible()
    await dialog.getByRole('button', { name: words.confirm('1') }).click()
    await dialog.getByText(words.done('1')).waitFor()
    const again = await gateway.stores.query<{ id: string }>(
      'select id from message where retry_of = $1',
      [id],
    )
    expect(again).toHaveLength(1)
    await gateway.api.untilStatus(again[0]!.id, 'delivered')
    await visit.leave()
  })

  test.each(VISITORS)('run a campaign from a file: $language at $width px', async (visitor) => {
    const visit = await startVisit(visits, gateway, visitor)
    const { page, language } = visit
    const form = formWords[language]
    const detail = detailWords[language]
    const name = `${language} at ${visitor.width} px`
    const people = [newPhone(), newPhone(), newPhone()]
    const rows = ['電話,編號', ...people.map(({ local }) => `${local},C-1`), '12,C-2', ',C-3']
    await page.goto('/campaigns')
    await page.getByRole('link', { name: campaignWords[language].add }).first().click()
    await page.getByRole('textbox', { name: form.name }).fill(name)
    await page.getByText(form.contents.text, { exact: true }).click()
    await page.getByRole('textbox', { name: form.text }).fill(newText())
    await page.getByRole('combobox', { name: form.type }).fill('order_update')
    await page.locator('input[type="file"]').setInputFiles({
      name: 'people.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from(`\uFEFF${rows.join('\r\n')}\r\n`),
    })
    await page.getByText(people[0]!.local).first().waitFor()
    await visit.expectAccessible()
    await page.getByRole('button', { name: form.submit }).click()
    await page.getByRole('heading', { level: 1, name }).waitFor()
    await page.getByRole('region', { name: detail.rejects }).getByText('6').first().waitFor()
    await visit.expectAccessible()
    await page.getByRole('button', { name: detail.start }).click()
    const dialog = page.getByRole('dialog', { name: detail.startTitle(name) })
    await dialog.getByText('3', { exact: false }).first().waitFor()
    await dialog.getByRole('button', { name: detail.start }).click()
    const { finished } = campaignWords[language].statuses
    await page.getByText(finished, { exact: true }).first().waitFor()
    const got = await gateway.stores.query<{ count: number }>(
      `select count(*)::int from message where campaign_id =
         (select id from campaign where name = $1)`,
      [name],
    )
    expect(got).toEqual([{ count: 3 }])
    await visit.expectAccessible()
    await visit.leave()
  })

  test.each(VISITORS)('give a campaign another time: $language at $width px', async (visitor) => {
    const visit = await startVisit(visits, gateway, visitor)
    const { page, language } = visit
    const words = scheduleWords[language]
    const name = `later, ${language}`
    const campaigns = createCampaigns(gateway.url, gateway.api)
    const { id } = await campaigns.create({
      name,
      message: newText(),
      recipients: [{ phone: newPhone().local }],
      schedule_at: '2099-01-05T09:30',
      time_zone: 'Asia/Tokyo',
    })
    await page.goto(`/campaigns/${id}`)
    await page.getByRole('button', { name: words.change }).click()
    const dialog = page.getByRole('dialog', { name: words.changeOf(name) })
    const field = dialog.locator('input[type="datetime-local"]')
    // By the clocks of the campaign's zone, wherever the browser is.
    expect(await field.inputValue()).toBe('2099-01-05T09:30')
    await field.fill('2099-02-06T10:00')
    await visit.expectAccessible()
    await dialog.getByRole('button', { name: words.change }).click()
    await dialog.waitFor({ state: 'hidden' })
    await page.getByText(/10:00:00.*Asia\/Tokyo/).waitFor()
    expect(await campaigns.find(id)).toMatchObject({
      status: 'scheduled',
      schedule_at: '2099-02-06T01:00:00.000Z',
      time_zone: 'Asia/Tokyo',
    })
    await visit.leave()
  })

  test.each(VISITORS)('erase a person: $language at $width px', async (visitor) => {
    const visit = await startVisit(visits, gateway, visitor)
    const { page, language } = visit
    const words = privacyWords[language]
    const { local } = newPhone()
    const { id } = await gateway.api.send({ phone: local, message: newText() })
    await gateway.api.untilMessage(id, ({ status }) => status === 'sent' || status === 'delivered')
    await page.goto('/privacy')
    await page.getByLabel(words.phone).fill(local)
    await page.getByRole('button', { name: words.find }).click()
    await page.getByRole('heading', { name: words.held }).waitFor()
    await visit.expectAccessible()
    await page.getByRole('button', { name: words.erase }).click()
    await page.getByRole('dialog').getByText(words.eraseText('1')).waitFor()
    await page.getByRole('button', { name: words.eraseConfirm }).click()
    await page.getByRole('status').getByText(words.erased, { exact: true }).waitFor()
    expect(await gateway.api.find(id)).toMatchObject({ phone: null, message: null })
    await visit.expectAccessible()
    await visit.leave()
  })
})
