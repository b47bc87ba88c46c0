import { expect, test } from '@jest/globals'
import { makeOptOutToken } from '@sms-gateway/db/opt-out-token'
import { createVault } from '@sms-gateway/db/vault'
import { Phone } from '@sms-gateway/domain/phone'
import { describeEachBackend } from '../../all-in-one/test-support/backends.ts'
import { cleanUpAfterAll } from '../../all-in-one/test-support/clean-up.ts'
import { newPhone, newText } from '../../all-in-one/test-support/people.ts'
import { countTaken } from '../../all-in-one/test-support/taken.ts'
import { until } from '../../all-in-one/test-support/until.ts'
import { type Gateway, startGateway } from '../../all-in-one/test-support/world.ts'

const PUBLIC = 'https://sms.example.tw/api/v1/sms/opt-out'
const SMS = '/api/v1/sms'

const open = async (gateway: Gateway, token: string, form?: string) => {
  const response = await fetch(`${gateway.url}${SMS}/opt-out/${token}`, {
    ...(form !== undefined && {
      method: 'POST',
      body: form,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    }),
  })
  return { status: response.status, headers: response.headers, html: await response.text() }
}

/** Sends a text with the link, and returns the token that the person got. */
async function sendLink(gateway: Gateway, phone: string, type: string): Promise<string> {
  const text = newText()
  const { id } = await gateway.api.send({
    phone,
    message: `${text} {opt_out_link}`,
    message_type: type,
  })
  await gateway.api.untilStatus(id, 'delivered')
  const taken = gateway.twilio.submissions().find(({ body }) => body.includes(text))
  const token = taken?.body.split(`${PUBLIC}/`)[1]
  expect(token).toMatch(/^[\w-]{27}$/)
  return token ?? ''
}

const listOf = ({ stores }: Gateway) =>
  stores.query<{ kind: string; source: string }>('select kind, source from opt_out order by kind')

describeEachBackend((backend) => {
  const cleanUp = cleanUpAfterAll()

  test('a link in a text leads to a page, and only its button opts out', async () => {
    const gateway = await startGateway(backend, cleanUp, { env: { SMS_OPT_OUT_URL: `${PUBLIC}/` } })
    const { e164 } = newPhone()
    const token = await sendLink(gateway, e164, 'promotion')

    // A scanner of links follows it, again and again.
    const page = await open(gateway, token)
    await open(gateway, token)
    expect(page.status).toBe(200)
    expect(page.html).toContain('<form method="post">')
    expect(page.html).not.toMatch(/<script|\son[a-z]+=|https?:/)
    expect(page.headers.get('content-security-policy')).toMatch(
      /^default-src 'none';style-src 'sha256-[\w+/=]+';form-action 'self';frame-ancestors 'none';base-uri 'none'$/,
    )
    expect(page.headers.get('referrer-policy')).toBe('no-referrer')
    expect(page.headers.get('cache-control')).toBe('no-store')
    expect(await listOf(gateway)).toEqual([])

    const done = await open(gateway, token, 'action=opt-out')
    expect(done.html).toContain('已停止')
    expect(await listOf(gateway)).toEqual([{ kind: 'marketing', source: 'link' }])
    const text = newText()
    const late = await gateway.api.send({ phone: e164, message: text, message_type: 'promotion' })
    expect(late).toMatchObject({ status: 'suppressed', error: { code: 'opted-out' } })
    expect(countTaken(gateway, text)).toEqual({ twilio: 0, chunghwa: 0 })

    expect((await open(gateway, token)).html).toContain('value="opt-in"')
    expect((await open(gateway, token, 'action=opt-in')).html).toContain('已恢復')
    expect(await listOf(gateway)).toEqual([])

    await until('it is logged', () => gateway.process.output().includes(`${SMS}/opt-out/:token`))
    expect(gateway.process.output()).not.toContain(token)
    expect(await gateway.stores.dumpTables()).not.toContain(token)
  })

  test('a link opts out of all where the text was no marketing, and lifts nothing of others', async () => {
    const gateway = await startGateway(backend, cleanUp, { env: { SMS_OPT_OUT_URL: PUBLIC } })
    const { e164 } = newPhone()
    const token = await sendLink(gateway, e164, 'order_confirmation')
    await gateway.api.call(`${SMS}/opt-outs/${e164}`, { method: 'PUT' })
    const done = await open(gateway, token, '')
    expect(done.html).toContain('所有簡訊')
    expect(done.html).not.toContain('opt-in')
    expect((await open(gateway, token, 'action=opt-in')).html).toContain('已停止')
    expect(await listOf(gateway)).toEqual([{ kind: 'all', source: 'operator' }])
  })

  test('a forged or an expired link gets a page that says so, and changes nothing', async () => {
    const gateway = await startGateway(backend, cleanUp)
    const [id = '', key = ''] = (gateway.variables['SMS_ENCRYPTION_KEYS'] ?? '').split(':')
    const vault = createVault({
      encryptionKeys: [{ id, key: Buffer.from(key, 'base64') }],
      lookupKey: Buffer.from(gateway.variables['SMS_LOOKUP_KEY'] ?? '', 'base64'),
    })
    const link = { phone: Phone.parse(newPhone().e164), kind: 'all' } as const
    const old = makeOptOutToken(vault, link, new Date(Date.now() - 3 * 86_400_000))
    for (const form of [undefined, 'action=opt-out', 'action=opt-in']) {
      const expired = await open(gateway, old, form)
      expect([expired.status, expired.html.includes('連結已過期')]).toEqual([410, true])
      for (const token of ['A'.repeat(27), 'x', '%3Cscript%3E', old.toLowerCase()]) {
        const forged = await open(gateway, token, form)
        expect([forged.status, forged.html.includes('連結無效')]).toEqual([404, true])
        expect(forged.html).not.toContain('<script')
      }
    }
    expect(await listOf(gateway)).toEqual([])
    const refused = await gateway.api.call(`${SMS}/send`, {
      body: { phone: link.phone, message: 'x {opt_out_link}', message_type: 'promotion' },
    })
    expect(refused).toMatchObject({ status: 422, json: { code: 'opt-out-link-not-set' } })
  })
})
