import { expect } from '@jest/globals'
import type { BackendKind } from '../../all-in-one/test-support/backends.ts'
import { cleanUpAfterAll } from '../../all-in-one/test-support/clean-up.ts'
import { newPhone, newText } from '../../all-in-one/test-support/people.ts'
import { testSideBySide } from '../../all-in-one/test-support/side-by-side.ts'
import type { Gateway } from '../../all-in-one/test-support/world.ts'
import { startGateway } from '../../all-in-one/test-support/world.ts'

const cleanUp = cleanUpAfterAll()
/** The first question is asked 15 s after the submission, the next one 30 s after that. */
const LIMIT_MS = 100_000

async function setUp(backend: BackendKind): Promise<Gateway> {
  return startGateway(backend, cleanUp, {
    env: { SMS_PRIMARY_PROVIDER: 'chunghwa', SMS_FALLBACK_PROVIDERS: '[]' },
    // Nothing comes to an end before a test says how.
    script: { deliveryDelayMs: 3_600_000 },
  })
}

/** What a text's parts come to, from now on. */
function end({ chunghwa }: Gateway, text: string, finalCode: number): void {
  const [taken] = chunghwa.messages().filter((message) => message.text.includes(text))
  for (const part of chunghwa.submissions().filter(({ id }) => taken?.ids.includes(id))) {
    Object.assign(part, { finalCode, handedOverAt: Date.now(), doneAt: Date.now() })
  }
}

testSideBySide(setUp, LIMIT_MS, {
  async 'asks Chunghwa for the receipt of each part, and delivers the whole'(gateway) {
    const { api, chunghwa } = gateway
    const text = `${newText()}${'氣'.repeat(80)}`
    const { id } = await api.send({ phone: newPhone().local, message: text })
    await api.untilStatus(id, 'sent')
    end(gateway, text, 0)
    const message = await api.untilStatus(id, 'delivered', LIMIT_MS)
    const [taken] = chunghwa.messages().filter((each) => each.text.includes(text))
    expect(taken?.ids).toHaveLength(2)
    expect(message).toMatchObject({ provider: 'chunghwa', attempts: 1, error: null })
    expect(taken?.ids).toContain(message.provider_message_id)
  },

  async 'tells what Chunghwa says of a text that it could not deliver'(gateway) {
    const { api, stores } = gateway
    const text = newText()
    const { id } = await api.send({ phone: newPhone().local, message: text })
    await api.untilStatus(id, 'sent')
    end(gateway, text, 8)
    const message = await api.untilStatus(id, 'undelivered', LIMIT_MS)
    expect(message.error?.code).toBe('8')
    const rows = await stores.query(
      'select from provider_reference where message_id = $1 and poll_at is not null',
      [id],
    )
    expect(rows).toEqual([])
  },
})
