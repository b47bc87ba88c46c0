import { expect } from '@jest/globals'
import type { BackendKind } from '../../all-in-one/test-support/backends.ts'
import { cleanUpAfterAll } from '../../all-in-one/test-support/clean-up.ts'
import { newPhone, newText } from '../../all-in-one/test-support/people.ts'
import { testSideBySide } from '../../all-in-one/test-support/side-by-side.ts'
import type { Gateway } from '../../all-in-one/test-support/world.ts'
import { startGateway } from '../../all-in-one/test-support/world.ts'

const cleanUp = cleanUpAfterAll()
/** The first question is asked 15 s after the submission. */
const LIMIT_MS = 40_000

async function setUp(backend: BackendKind): Promise<Gateway> {
  return startGateway(backend, cleanUp, {
    env: { SMS_PRIMARY_PROVIDER: 'chunghwa', SMS_FALLBACK_PROVIDERS: '[]' },
    script: { deliveryDelayMs: 200 },
  })
}

testSideBySide(setUp, LIMIT_MS, {
  async 'asks Chunghwa for the receipt of each part, and delivers the whole'({ api, chunghwa }) {
    const text = `${newText()}${'氣'.repeat(80)}`
    const { id } = await api.send({ phone: newPhone().local, message: text })
    const message = await api.untilStatus(id, 'delivered', LIMIT_MS)
    const [taken] = chunghwa.messages().filter((each) => each.text.includes(text))
    expect(taken?.ids).toHaveLength(2)
    expect(message).toMatchObject({ provider: 'chunghwa', attempts: 1, error: null })
    expect(taken?.ids).toContain(message.provider_message_id)
  },

  async 'tells what Chunghwa says of a text that it could not deliver'({ api, chunghwa, stores }) {
    const text = newText()
    const { id } = await api.send({ phone: newPhone().local, message: text })
    await api.untilStatus(id, 'sent')
    const [taken] = chunghwa.submissions().filter((each) => each.text.includes(text))
    if (taken) taken.finalCode = 8
    const message = await api.untilStatus(id, 'undelivered', LIMIT_MS)
    expect(message.error?.code).toBe('8')
    const rows = await stores.query(
      'select from provider_reference where message_id = $1 and poll_at is not null',
      [id],
    )
    expect(rows).toEqual([])
  },
})
