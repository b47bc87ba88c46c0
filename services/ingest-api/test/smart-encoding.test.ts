import { beforeAll, expect, test } from '@jest/globals'
import { cleanUpAfterAll } from '../../all-in-one/test-support/clean-up.ts'
import type { Ingest } from '../../all-in-one/test-support/ingest.ts'
import { startIngest } from '../../all-in-one/test-support/ingest.ts'
import { newPhone } from '../../all-in-one/test-support/people.ts'

const cleanUp = cleanUpAfterAll()
let ingest: Ingest
beforeAll(async () => {
  ingest = await startIngest('postgres', cleanUp, () => ({
    SMS_COMPANY_NAME: 'LUCKY GAS',
    SMS_SMART_ENCODING: 'true',
  }))
})

const send = (message: string) => ingest.api.send({ phone: newPhone().local, message })

test('a text that becomes GSM-7 is accepted, priced and kept as its cheaper twin', async () => {
  const sent = await send(`\u201c${'a'.repeat(90)}\u201d\u2026`)
  expect(sent).toMatchObject({
    message: `[LUCKY GAS]"${'a'.repeat(90)}"...`,
    encoding: 'GSM-7',
    segments: 1,
    cost: { amount: '0.50' },
  })
  expect(await ingest.api.find(sent.id)).toMatchObject({ message: sent.message, segments: 1 })
})

test('a text with Chinese, or one that saves nothing, is as it was given', async () => {
  const chinese = `\u201c${'a'.repeat(90)}氣\u201d`
  expect(await send(chinese)).toMatchObject({
    message: `【LUCKY GAS】${chinese}`,
    encoding: 'UCS-2',
    segments: 2,
  })
  expect(await send('short\u2026')).toMatchObject({
    message: '【LUCKY GAS】short\u2026',
    encoding: 'UCS-2',
    segments: 1,
  })
})
