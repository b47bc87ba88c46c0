import { expect, test } from '@jest/globals'
import { makeTestFolder } from '@sms-gateway/db/test-support/test-folder'
import { describeEachBackend } from '../test-support/backends.ts'
import { cleanUpAfterAll } from '../test-support/clean-up.ts'
import { findByFetch, readTimeline, sendByFetch, startEmbedded } from '../test-support/embedded.ts'
import { newPhone, newText } from '../test-support/people.ts'
import type { ServiceProcess } from '../test-support/service-process.ts'
import { openRedis } from '../test-support/stores.ts'
import { until } from '../test-support/until.ts'

const LIMIT_MS = 120_000

/** A terminal and npm each hand a Ctrl-C on: it comes to the group, and more than once. */
async function stopTwice(service: ServiceProcess) {
  service.signal('SIGTERM')
  service.signal('SIGTERM')
  return service.exited
}

describeEachBackend((backend) => {
  const cleanUp = cleanUpAfterAll()

  test(
    'starts with nothing, sends, stops in order, and finds its data again',
    async () => {
      const dataDir = makeTestFolder()
      const env: Record<string, string> =
        backend === 'redis' ? { REDIS_URL: await openRedis(cleanUp) } : {}

      const first = await startEmbedded(dataDir, cleanUp, env)
      const said = first.process.output()
      expect(readTimeline(said)).toEqual(['accepted', 'queued', 'sending', 'sent', 'delivered'])
      expect(
        said
          .trimEnd()
          .split('\n')
          .findLast((line) => !line.startsWith('{')),
      ).toBe(`ready ${first.url}`)
      expect(first.apiKey).toMatch(/^sk_[\w-]{32}$/)

      const sentAt = Date.now()
      const body = { phone: newPhone().local, message: newText(), message_type: 'otp' }
      const { id } = await sendByFetch(first, body)
      const delivered = await until('it is delivered', async () => {
        const message = await findByFetch(first, id)
        return message.status === 'delivered' && message
      })
      expect(Date.now() - sentAt).toBeLessThan(3_000)
      expect(await stopTwice(first.process)).toEqual({ code: 0, signal: null })

      const second = await startEmbedded(dataDir, cleanUp, env)
      expect(second.apiKey).toBe(first.apiKey)
      expect(await findByFetch(second, id)).toEqual(delivered)
      second.process.signal('SIGINT')
      expect(await second.process.exited).toEqual({ code: 0, signal: null })
    },
    LIMIT_MS,
  )

  test(
    'takes over after a kill, with what it had promised',
    async () => {
      const dataDir = makeTestFolder()
      const env: Record<string, string> =
        backend === 'redis' ? { REDIS_URL: await openRedis(cleanUp) } : {}
      const first = await startEmbedded(dataDir, cleanUp, env)
      const messages = await Promise.all(
        Array.from({ length: 20 }, () =>
          sendByFetch(first, {
            phone: newPhone().local,
            message: newText(),
            message_type: 'order_confirmation',
          }),
        ),
      )
      await first.process.kill()

      const second = await startEmbedded(dataDir, cleanUp, {
        ...env,
        PORT: new URL(first.url).port,
      })
      await until(
        'all are delivered',
        async () => {
          const found = await Promise.all(messages.map(({ id }) => findByFetch(second, id)))
          return found.every(({ status }) => status === 'delivered')
        },
        60_000,
      )
      expect(await stopTwice(second.process)).toEqual({ code: 0, signal: null })
    },
    LIMIT_MS,
  )
})

test(
  'stops in order in the middle of its work, and loses nothing',
  async () => {
    const cleanUps: (() => unknown)[] = []
    const cleanUp = (close: () => unknown) => cleanUps.push(close)
    try {
      const dataDir = makeTestFolder()
      const first = await startEmbedded(dataDir, cleanUp)
      const sending = Promise.allSettled(
        Array.from({ length: 100 }, () =>
          sendByFetch(first, {
            phone: newPhone().local,
            message: newText(),
            message_type: 'order_confirmation',
          }),
        ),
      )
      await until('some are accepted', async () => first.process.output().includes('"status":202'))
      expect(await stopTwice(first.process)).toEqual({ code: 0, signal: null })
      const sent = await sending
      const accepted = sent.flatMap((each) => (each.status === 'fulfilled' ? [each.value.id] : []))
      expect(accepted.length).toBeGreaterThan(0)

      const second = await startEmbedded(dataDir, cleanUp, { PORT: new URL(first.url).port })
      await until(
        'all are delivered',
        async () => {
          const found = await Promise.all(accepted.map((id) => findByFetch(second, id)))
          return found.every(({ status }) => status === 'delivered')
        },
        30_000,
      )
      expect(await stopTwice(second.process)).toEqual({ code: 0, signal: null })
    } finally {
      for (let close = cleanUps.pop(); close; close = cleanUps.pop()) await close()
    }
  },
  LIMIT_MS,
)
