import { randomBytes } from 'node:crypto'
import { test } from '@jest/globals'
import { createCallbackClient } from '@sms-gateway/callbacks/callback-client'
import { insertCallback } from '@sms-gateway/db/change-callbacks'
import { createTestDatabase } from '@sms-gateway/db/test-support/test-database'
import { createMessageId } from '@sms-gateway/domain/ids'
import { countCallbacks } from '@sms-gateway/scheduler/callback-metrics'
import { startCallbackWorker } from '@sms-gateway/scheduler/callback-worker'
import { createLogger } from '@sms-gateway/service-kit/logger'
import { createRegistry } from '@sms-gateway/service-kit/metrics'
import { CLIENT, storeMessages, vault } from '../../../packages/db/test/support.ts'
import { startCallbackReceiver } from '../test-support/callback-receiver.ts'
import { cleanUpAfterAll } from '../test-support/clean-up.ts'
import { until } from '../test-support/until.ts'

/** Together they have more events than a worker ever has on their way at once. */
const HANGING = 9
const MESSAGES = 60

const cleanUp = cleanUpAfterAll()

test('receivers that never answer hold up nobody else', async () => {
  const { db, drop } = await createTestDatabase()
  cleanUp(() => drop())
  const client = createCallbackClient({
    allowedHosts: ['127.0.0.1'],
    resolve: () => Promise.reject(new Error('nothing is looked up here')),
    timeoutMs: 3_600_000,
  })
  const metrics = countCallbacks(createRegistry())
  const logger = createLogger('test', 'silent')
  const worker = startCallbackWorker({
    db,
    vault,
    client,
    logger,
    metrics,
    onBeat: () => undefined,
  })
  cleanUp(() => worker.close())
  cleanUp(() => client.close())
  const receiver = await startCallbackReceiver(cleanUp)
  receiver.answerWith('/hangs', () => undefined)

  await db.insertInto('api_client').values({ id: CLIENT, name: 'slow' }).execute()
  for (const path of [...Array<string>(HANGING).fill('/hangs'), '/good']) {
    const callback = {
      ...{ id: createMessageId(new Date()), clientId: CLIENT, createdAt: new Date() },
      url: `${receiver.url}${path}`,
      eventTypes: ['message.accepted'] as const,
      secret: `whsec_${randomBytes(32).toString('base64')}`,
    }
    await insertCallback(db, vault, callback, HANGING + 1)
  }
  await storeMessages(db, MESSAGES)
  await until('the good one has all', () => receiver.at('/good').length === MESSAGES)
})
