import { beforeAll, expect, test } from '@jest/globals'
import { cleanUpAfterAll } from '../../all-in-one/test-support/clean-up.ts'
import type { Ingest } from '../../all-in-one/test-support/ingest.ts'
import { startIngest } from '../../all-in-one/test-support/ingest.ts'
import { newPhone } from '../../all-in-one/test-support/people.ts'
import { until } from '../../all-in-one/test-support/until.ts'

// What a text reads is decided before the queue hears of it: one backend is enough.
const cleanUp = cleanUpAfterAll()
let ingest: Ingest
beforeAll(async () => {
  ingest = await startIngest('postgres', cleanUp)
})

const send = (message: string, customer?: string) =>
  ingest.api.send({
    phone: newPhone().local,
    message,
    ...(customer !== undefined && { customer_id: customer }),
  })

test("a text bears once the customer's name, else the client's, and it counts as text", async () => {
  // With 【幸福氣】 it fills one segment.
  const text = '氣'.repeat(65)
  expect(await send(text)).toMatchObject({ message: `【幸福氣】${text}`, segments: 1 })

  await ingest.stores.query(`update api_client set sender_name = '幸福瓦斯行'`)
  await ingest.stores.query(
    `insert into customer_setting (client_id, customer_id, sender_name) select id, 'C-1', '加油站' from api_client`,
  )
  const changed = await until('the client has its name', async () => {
    const message = await send(text)
    return message.message?.includes('幸福瓦斯行') && message
  })
  expect(changed).toMatchObject({ message: `【幸福瓦斯行】${text}`, segments: 2 })
  expect((await send('您好', 'C-1')).message).toBe('【加油站】您好')
  expect((await send('您好', 'C-2')).message).toBe('【幸福瓦斯行】您好')
  expect((await send('您好【加油站】', 'C-1')).message).toBe('您好【加油站】')
})
