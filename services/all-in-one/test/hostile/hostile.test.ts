import { beforeAll, describe, expect, test } from '@jest/globals'
import { z } from 'zod'
import type { Answer } from '../../test-support/api.ts'
import { addApiKey } from '../../test-support/api-keys.ts'
import { cleanUpAfterAll } from '../../test-support/clean-up.ts'
import { newPhone, newText } from '../../test-support/people.ts'
import { expectProblem } from '../../test-support/problems.ts'
import type { Gateway } from '../../test-support/world.ts'
import { startGateway } from '../../test-support/world.ts'
import { listHostileBodies } from './hostile-bodies.ts'
import type { HostileInput, Target } from './hostile-input.ts'
import { listHostilePaths } from './hostile-paths.ts'
import { listHostileRecords } from './hostile-records.ts'
import { listHostileSignatures } from './hostile-signatures.ts'

/** Filled in before the tests run; the tables are made before. */
const target: Target = {
  url: '',
  mallory: '',
  held: '',
  sent: '',
  sentReference: '',
  others: { callback: '', campaign: '' },
}
const names = (list: (target: Target) => HostileInput[]) =>
  list(target).map(({ name }, index) => [name, index] as const)

/** What the gateway writes whether anybody asks or not, and the audit, which a refusal goes into as well. */
const ALIVE = /^public\.(?:worker|audit\w*|provider_\w+|rate_\w+|stat_\w+|api_key)\n/

describe('hostile input gets a clear 4xx and changes nothing', () => {
  const cleanUp = cleanUpAfterAll()
  let gateway: Gateway
  beforeAll(async () => {
    gateway = await startGateway('postgres', cleanUp, { script: { receipts: { lostRate: 1 } } })
    const { api, stores, url } = gateway
    const hour = new Date(Date.now() + 3_600_000).toISOString()
    const held = await api.send({ phone: newPhone().local, message: newText(), schedule_at: hour })
    const { id } = await api.send({ phone: newPhone().local, message: newText() })
    const sent = await api.untilStatus(id, 'sent')
    const scopes = ['send', 'read', 'templates', 'operate']
    const mallory = await addApiKey(stores, { scopes })
    const sentReference = sent.provider_message_id ?? ''
    const others = { callback: await makeCallback(), campaign: await makeCampaign() }
    Object.assign(target, { url, mallory, held: held.id, sent: id, sentReference, others })
  })

  const idOf = ({ status, text, json }: Answer) => {
    if (status >= 300) throw new Error(text)
    return z.object({ id: z.uuid() }).parse(json).id
  }
  const makeCallback = async () => {
    const body = { url: 'https://hooks.example.com/sms', event_types: ['message.failed'] }
    return idOf(await gateway.api.call('/api/v1/sms/callbacks', { body }))
  }
  const makeCampaign = async () => {
    const recipients = [{ phone: newPhone().local }]
    const body = { name: 'x', draft: true, message: 'x', message_type: 'notice', recipients }
    return idOf(await gateway.api.call('/api/v1/sms/campaigns', { body }))
  }

  const refuse = async (input: HostileInput | undefined) => {
    if (!input) throw new Error('the table has become shorter')
    const before = await dump()
    const answer = await gateway.api.call(input.path, input.options)
    const problem = expectProblem(answer, input.status, input.code)
    expect(problem.detail).toMatch(/^[A-Za-z"`].{8,}[.]$/s)
    expect(answer.text).not.toContain('at Object.')
    expect(await dump()).toBe(before)
  }
  const dump = async () => {
    const tables = (await gateway.stores.dumpTables()).split(/\n(?=public\.)/)
    return tables.filter((table) => !ALIVE.test(`${table}\n`)).join('\n')
  }

  test.each(names(listHostileBodies))('%s', (_, index) => refuse(listHostileBodies()[index]))
  test.each(names(listHostilePaths))('%s', (_, index) => refuse(listHostilePaths(target)[index]))
  test.each(names(listHostileRecords))('%s', (_, index) =>
    refuse(listHostileRecords(target)[index]),
  )
  test.each(names(listHostileSignatures))('%s', (_, index) =>
    refuse(listHostileSignatures(target)[index]),
  )

  test('and the gateway is as well as before', async () => {
    const { id } = await gateway.api.send({ phone: newPhone().local, message: newText() })
    await gateway.api.untilStatus(id, 'sent')
    expect((await gateway.api.find(target.held)).status).toBe('scheduled')
    expect((await gateway.api.find(target.sent)).status).toBe('sent')
  })
})
