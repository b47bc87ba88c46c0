import { expect, test } from '@jest/globals'
import { SubjectResponse } from '@sms-gateway/contracts/subjects'
import { createCampaigns } from '../test-support/campaigns.ts'
import { cleanUpAfterAll } from '../test-support/clean-up.ts'
import { findLeaks } from '../test-support/needles.ts'
import { newPhone } from '../test-support/people.ts'
import { readEverything, vaultOf } from '../test-support/personal-data.ts'
import { until } from '../test-support/until.ts'
import { startGateway } from '../test-support/world.ts'

const cleanUp = cleanUpAfterAll()

test('a person on the list of a campaign is exported, and erased is not written to', async () => {
  const gateway = await startGateway('postgres', cleanUp, { env: { SMS_QUIET_HOURS: 'off' } })
  const { api, twilio, stores, variables, url } = gateway
  const campaigns = createCampaigns(url, api)
  const [person, bystander] = [newPhone(), newPhone()]
  const campaign = await campaigns.create({
    message: 'news',
    schedule_at: new Date(Date.now() + 86_400_000).toISOString(),
    recipients: [{ phone: person.local, customer_id: 'C-1' }, { phone: bystander.local }],
  })
  const path = `/api/v1/sms/subjects/${person.local}`
  const readExport = async () => SubjectResponse.parse((await api.call(path)).json)
  expect((await readExport()).campaigns).toMatchObject([
    { campaign_id: campaign.id, row: 1, state: 'pending', customer_id: 'C-1', message_id: null },
  ])

  await until('the person is erased', async () => {
    return (await api.call(path, { method: 'DELETE' })).status === 200
  })
  expect((await readExport()).campaigns).toEqual([])
  const [row] = await stores.query<{ sealed: Buffer; customer_id: string | null }>(
    'select sealed, customer_id from campaign_recipient where row_number = 1',
  )
  expect(row).toEqual({ sealed: Buffer.alloc(0), customer_id: null })
  const left = await readEverything(stores, vaultOf(variables))
  expect(findLeaks(left, { number: person.local.slice(1), e164: person.e164.slice(1) })).toEqual([])

  await stores.query('update campaign set next_run_at = now() where id = $1', [campaign.id])
  await campaigns.untilStatus(campaign.id, 'finished')
  await until('the other is written to', () => twilio.submissions().length > 0)
  expect(twilio.submissions().map(({ to }) => to)).toEqual([bystander.e164])
})
