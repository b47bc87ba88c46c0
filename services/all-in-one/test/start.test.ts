import { expect } from '@jest/globals'
import type { MessageResponse } from '@sms-gateway/contracts/message-response'
import { makeTestFolder } from '@sms-gateway/db/test-support/test-folder'
import type { BackendKind } from '../test-support/backends.ts'
import { cleanUpAfterAll } from '../test-support/clean-up.ts'
import type { EmbeddedStart } from '../test-support/embedded.ts'
import { findByFetch, readTimeline, sendByFetch, startEmbedded } from '../test-support/embedded.ts'
import { newPhone, newText } from '../test-support/people.ts'
import type { ServiceProcess } from '../test-support/service-process.ts'
import { testSideBySide } from '../test-support/side-by-side.ts'
import { openRedis } from '../test-support/stores.ts'
import { until } from '../test-support/until.ts'

const cleanUp = cleanUpAfterAll()
const LIMIT_MS = 300_000
/** A worker's death is noticed within 15 s, and what it left in doubt is settled 20 s later. */
const SETTLED_LIMIT_MS = 120_000

/** A terminal and npm each hand a Ctrl-C on: it comes to the group, and more than once. */
async function stopTwice(service: ServiceProcess, signal: 'SIGINT' | 'SIGTERM') {
  service.signal(signal)
  service.signal(signal)
  return service.exited
}

function newBody(type = 'order_confirmation') {
  return { phone: newPhone().local, message: newText(), message_type: type }
}

async function sendOtp(start: EmbeddedStart): Promise<MessageResponse> {
  const { id } = await sendByFetch(start, newBody('otp'))
  return until('it is delivered', async () => {
    const message = await findByFetch(start, id)
    return message.status === 'delivered' && message
  })
}

/** A receipt that came while nobody listened is repeated once and then given up: `sent` is as good. */
async function untilHandedOver(start: EmbeddedStart, ids: readonly string[]): Promise<void> {
  let found: MessageResponse[] = []
  const isHandedOver = ({ status }: MessageResponse) => ['sent', 'delivered'].includes(status)
  try {
    await until(
      'all are handed over',
      async () => {
        found = await Promise.all(ids.map((id) => findByFetch(start, id)))
        return found.every(isHandedOver)
      },
      SETTLED_LIMIT_MS,
    )
  } catch (err) {
    const left = found.filter((message) => !isHandedOver(message))
    throw new Error(`left behind: ${JSON.stringify(left.slice(0, 2))}`, { cause: err })
  }
}

/** Sends a hundred, and stops it as soon as a few are accepted; the ids of those that were. */
async function stopInTheMiddle(start: EmbeddedStart, stop: () => Promise<unknown>) {
  const accepted: string[] = []
  const sending = Promise.allSettled(
    Array.from({ length: 100 }, async () => {
      accepted.push((await sendByFetch(start, newBody())).id)
    }),
  )
  await until('some are accepted', () => accepted.length > 10)
  const [exit] = await Promise.all([stop(), sending])
  return { exit, accepted }
}

testSideBySide(
  async (backend: BackendKind): Promise<Record<string, string>> =>
    backend === 'redis' ? { REDIS_URL: await openRedis(cleanUp) } : {},
  LIMIT_MS,
  {
    async 'starts with nothing, sends, stops in order, and finds its data again: after a kill too'(
      env,
    ) {
      const dataDir = makeTestFolder()
      const first = await startEmbedded(dataDir, cleanUp, env)
      const said = first.process.output()
      expect(readTimeline(said)).toEqual(['accepted', 'queued', 'sending', 'sent', 'delivered'])
      const lines = said.trimEnd().split('\n')
      expect(lines.findLast((line) => !line.startsWith('{'))).toBe(`ready ${first.url}`)
      expect(first.apiKey).toMatch(/^sk_[\w-]{32}$/)
      const otp = await sendOtp(first)
      const drained = await stopInTheMiddle(first, () => stopTwice(first.process, 'SIGTERM'))
      expect(drained.exit).toEqual({ code: 0, signal: null })

      // The port is the same again: the receipts of what was sent before come there.
      const again = { ...env, PORT: new URL(first.url).port }
      const second = await startEmbedded(dataDir, cleanUp, again)
      expect(second.apiKey).toBe(first.apiKey)
      expect(await findByFetch(second, otp.id)).toEqual(otp)
      await untilHandedOver(second, drained.accepted)
      const killed = await stopInTheMiddle(second, () => second.process.kill())

      const third = await startEmbedded(dataDir, cleanUp, again)
      await untilHandedOver(third, killed.accepted)
      expect(await stopTwice(third.process, 'SIGINT')).toEqual({ code: 0, signal: null })
    },
  },
)
