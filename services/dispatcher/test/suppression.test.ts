import { describe, expect, test } from '@jest/globals'
import { describeEachBackend } from '../../all-in-one/test-support/backends.ts'
import { cleanUpAfterAll } from '../../all-in-one/test-support/clean-up.ts'
import { newPhone, newText } from '../../all-in-one/test-support/people.ts'
import { optOut, recordConsent } from '../../all-in-one/test-support/permissions.ts'
import { countTaken } from '../../all-in-one/test-support/taken.ts'
import { startGateway, type World } from '../../all-in-one/test-support/world.ts'

/** A message that waits, as the night holds one; `release` ends its wait. */
async function holdMessage(
  { api, stores }: World,
  facts: { phone: string; message: string; message_type: string },
) {
  const scheduleAt = new Date(Date.now() + 3_600_000).toISOString()
  const { id } = await api.send({ ...facts, schedule_at: scheduleAt })
  const release = () =>
    stores.query('update message set not_before = now(), ring_at = now() where id = $1', [id])
  return { id, release }
}

describeEachBackend((backend) => {
  const cleanUp = cleanUpAfterAll()

  describe('who opted out', () => {
    test('is sent nothing, whether before or after the acceptance', async () => {
      const gateway = await startGateway(backend, cleanUp)
      const { api, stores } = gateway
      const [refusesAll, refusesMarketing] = [newPhone().e164, newPhone().e164]
      const held = await Promise.all(
        [
          { phone: refusesAll, message_type: 'otp', ends: 'suppressed' },
          { phone: refusesAll, message_type: 'promotion', ends: 'suppressed' },
          { phone: refusesMarketing, message_type: 'promotion', ends: 'suppressed' },
          { phone: refusesMarketing, message_type: 'otp', ends: 'delivered' },
        ].map(async ({ ends, ...facts }) => {
          const message = newText()
          return { ...(await holdMessage(gateway, { ...facts, message })), message, ends }
        }),
      )
      await optOut(stores, gateway.variables, { phone: refusesAll, kind: 'all' })
      await optOut(stores, gateway.variables, { phone: refusesMarketing, kind: 'marketing' })
      for (const { release } of held) await release()
      for (const { id, message, ends } of held) {
        const end = await api.untilStatus(id, ends)
        expect(end.error?.code).toBe(ends === 'suppressed' ? 'opted-out' : undefined)
        const { twilio, chunghwa } = countTaken(gateway, message)
        expect(twilio + chunghwa).toBe(ends === 'suppressed' ? 0 : 1)
      }

      const text = newText()
      const late = await api.send({ phone: refusesAll, message: text, message_type: 'emergency' })
      expect(late).toMatchObject({
        status: 'suppressed',
        error: { code: 'opted-out' },
        events: [{ status: 'accepted' }, { status: 'suppressed', error_code: 'opted-out' }],
      })
      expect(await api.find(late.id)).toEqual(late)
      const other = await api.send({
        phone: refusesMarketing,
        message: newText(),
        message_type: 'order_confirmation',
      })
      await api.untilStatus(other.id, 'delivered')
      expect(countTaken(gateway, text)).toEqual({ twilio: 0, chunghwa: 0 })
    })
  })

  describe('with SMS_REQUIRE_CONSENT', () => {
    test('marketing goes to whom a consent stands for, and to nobody else', async () => {
      const env = { SMS_REQUIRE_CONSENT: 'true', SMS_MARKETING_TYPES: '["newsletter"]' }
      const gateway = await startGateway(backend, cleanUp, { env })
      const { api, stores, variables } = gateway
      const [agrees, revokes, silent] = [newPhone().e164, newPhone().e164, newPhone().e164]
      const send = (phone: string, message = newText(), message_type = 'newsletter') =>
        api.send({ phone, message, message_type })

      expect(await send(silent)).toMatchObject({
        status: 'suppressed',
        error: { code: 'no-consent' },
      })
      const service = await send(silent, newText(), 'promotion')
      await api.untilStatus(service.id, 'delivered')

      await recordConsent(stores, variables, { phone: agrees, granted: true })
      await recordConsent(stores, variables, { phone: revokes, granted: true })
      const texts = [newText(), newText()] as const
      const kept = await holdMessage(gateway, {
        phone: agrees,
        message: texts[0],
        message_type: 'newsletter',
      })
      const lost = await holdMessage(gateway, {
        phone: revokes,
        message: texts[1],
        message_type: 'newsletter',
      })
      await recordConsent(stores, variables, { phone: revokes, granted: false })
      await Promise.all([kept.release(), lost.release()])
      await api.untilStatus(kept.id, 'delivered')
      expect((await api.untilStatus(lost.id, 'suppressed')).error?.code).toBe('no-consent')
      expect(countTaken(gateway, texts[1])).toEqual({ twilio: 0, chunghwa: 0 })
    })
  })
})
