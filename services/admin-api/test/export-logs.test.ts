import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { connect } from 'node:net'
import { expect, test } from '@jest/globals'
import express, { type Response } from 'express'
import { cleanUpAfterAll } from '../../all-in-one/test-support/clean-up.ts'
import { until } from '../../all-in-one/test-support/until.ts'
import { exportLogs } from '../src/export-logs.ts'
import { storeMessages } from './store-message.ts'
import { startAdmin } from './support.ts'

const cleanUp = cleanUpAfterAll()

/** Far more than the kernel keeps between two ends of a connection. */
const ROWS = 2_500
const TEXT = 'x'.repeat(16_000)
const QUERIES = ROWS / 500 + 1

test('an export waits for a reader that is slow, and then goes on to its end', async () => {
  const admin = await startAdmin(cleanUp)
  for (let stored = 0; stored < ROWS; stored += 500) {
    await storeMessages(admin, 500, { text: TEXT })
  }
  let answer: Response | undefined
  const waitingAtQueries: (boolean | undefined)[] = []
  const db = admin.db.withPlugin({
    transformQuery({ node }) {
      waitingAtQueries.push(answer?.writableNeedDrain)
      return node
    },
    transformResult: ({ result }) => Promise.resolve(result),
  })
  const server = express()
    .get('/', (_req, res) => {
      answer = res
      return exportLogs({ db, vault: admin.vault }, {}, res)
    })
    .listen(0, '127.0.0.1')
  await once(server, 'listening')
  cleanUp(() => server.close())

  const { port } = server.address() as AddressInfo
  const reader = connect(port, '127.0.0.1')
  reader.write('GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')
  await until('the answer waits for its reader', () => answer?.writableNeedDrain === true)

  let bytes = 0
  reader.on('data', (chunk) => {
    bytes += chunk.length
  })
  await once(reader, 'close')
  // Nothing was asked for while what was there had not been taken.
  expect(waitingAtQueries).toEqual(Array.from({ length: QUERIES }, () => false))
  expect(bytes).toBeGreaterThan(ROWS * TEXT.length)
})
