import { expect, test } from '@jest/globals'
import { describeEachBackend } from '../../all-in-one/test-support/backends.ts'
import { cleanUpAfterAll } from '../../all-in-one/test-support/clean-up.ts'
import { newPhone, newText } from '../../all-in-one/test-support/people.ts'
import { startGateway } from '../../all-in-one/test-support/world.ts'

describeEachBackend((backend) => {
  const cleanUp = cleanUpAfterAll()

  test('really sends to the numbers of SMS_ALLOWED_RECIPIENTS alone', async () => {
    const [local, international, stranger] = [newPhone(), newPhone(), newPhone()]
    const { api, twilio, chunghwa } = await startGateway(backend, cleanUp, {
      env: { SMS_ALLOWED_RECIPIENTS: JSON.stringify([local.local, international.e164]) },
    })
    const [first, second, third] = await Promise.all(
      [local, international, stranger].map(({ e164 }) =>
        api.send({ phone: e164, message: newText(), message_type: 'otp' }),
      ),
    )
    await api.untilStatus(first?.id ?? '', 'delivered')
    await api.untilStatus(second?.id ?? '', 'delivered')
    const suppressed = await api.untilStatus(third?.id ?? '', 'suppressed')
    expect(suppressed.error?.code).toBe('recipient-not-allowed')
    const sentTo = twilio.submissions().map(({ to }) => to)
    expect(sentTo.sort()).toEqual([local.e164, international.e164].sort())
    expect(chunghwa.submissions()).toEqual([])
  })
})
