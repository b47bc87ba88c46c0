import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { connect } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from '@jest/globals'
import express from 'express'
import { cleanUpAfterAll } from '../../all-in-one/test-support/clean-up.ts'
import { exportLogs } from '../src/export-logs.ts'
import { storeMessages } from './store-message.ts'
import { startAdmin } from './support.ts'

const cleanUp = cleanUpAfterAll()

/** Far more than the kernel keeps between two ends of a connection. */
const ROWS = 2_500
const TEXT = 'x'.repeat(16_000)
const QUERIES = ROWS / 500 + 1
const STILL_MS = 500

test('an export waits for a reader that is slow, and then goes on to its end', async () => {
  const admin = await startAdmin(cleanUp)
  for (let stored = 0; stored < ROWS; stored += 500) {
    await storeMessages(admin, 500, { text: TEXT })
  }
  let queries = 0
  const db = admin.db.withPlugin({
    transformQuery({ node }) {
      queries += 1
      return node
    },
    transformResult: ({ result }) => Promise.resolve(result),
  })
  const server = express()
    .get('/', (_req, res) => exportLogs({ db, vault: admin.vault }, {}, res))
    .listen(0, '127.0.0.1')
  await once(server, 'listening')
  cleanUp(() => server.close())

   
  const { port } = server.address() as AddressInfo
  const reader = connect(port, '127.0.0.1')
  reader.write('GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')
  await once(reader, 'readable')
  let before = -1
  while (before !== queries) {
    before = queries
    await delay(STILL_MS)
  }
  expect(queries).toBeLessThan(QUERIES)

  let bytes = 0
  reader.on('data', (chunk) => {
    bytes += chunk.length
  })
  await once(reader, 'close')
  expect(queries).toBe(QUERIES)
  expect(bytes).toBeGreaterThan(ROWS * TEXT.length)
}, 60_000)
