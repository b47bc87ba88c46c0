import { once } from 'node:events'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { spawnTypeScript } from '@sms-gateway/db/test-support/spawn-typescript'
import { createTestDatabase } from '@sms-gateway/db/test-support/test-database'
import { makeTestFolder } from '@sms-gateway/db/test-support/test-folder'
import { LANES } from '@sms-gateway/domain/lane'
import { connectBackend } from '@sms-gateway/queue/backend'
import { openLaneQueues } from '@sms-gateway/queue/lane-queues'
import { describeEachBackend } from '../test-support/backends.ts'
import { cleanUpAfterAll } from '../test-support/clean-up.ts'
import { findLeaks } from '../test-support/needles.ts'
import { newPhone, newText } from '../test-support/people.ts'
import type { Variables } from '../test-support/settings.ts'
import type { Stores } from '../test-support/stores.ts'
import { until } from '../test-support/until.ts'
import { runGateway, startGateway } from '../test-support/world.ts'

const HOUR_MS = 3_600_000

describeEachBackend((backend) => {
  const cleanUp = cleanUpAfterAll()

  test('a back-up taken before an erasure is unreadable afterwards, and restored it texts nobody twice', async () => {
    const gateway = await startGateway(backend, cleanUp)
    const { api, twilio, variables } = gateway
    const [erased, bystander, soon, later] = [newPhone(), newPhone(), newPhone(), newPhone()]
    const text = newText()
    const at = (ms: number) => new Date(Date.now() + ms).toISOString()
    const first = await api.send({ phone: erased.local, message: text })
    const other = await api.send({ phone: bystander.local, message: 'bystander' })
    await api.untilStatus(first.id, 'delivered')
    await api.untilStatus(other.id, 'delivered')
    const waiting = await api.send({
      phone: soon.local,
      message: 'soon',
      schedule_at: at(HOUR_MS),
    })
    const tomorrow = await api.send({
      phone: later.local,
      message: 'later',
      schedule_at: at(24 * HOUR_MS),
    })

    // One that is due, and does not go before the back-up is taken.
    gateway.process.signal('SIGSTOP')
    await gateway.stores.query(
      `update message set schedule_at = now(), not_before = now(), ring_at = now() where id = $1`,
      [waiting.id],
    )
    const folder = makeTestFolder()
    const old = join(folder, 'old')
    const backup = await run('backup', [old], variables)
    gateway.process.signal('SIGCONT')
    expect(backup).toMatchObject({ code: 0, err: '' })
    const secrets = { number: erased.local.slice(1), e164: erased.e164.slice(1), text }
    expect(findLeaks(readFiles(folder), secrets)).toEqual([])
    expect(readdirSync(old)).not.toContain('subject_key.copy')

    await api.untilStatus(waiting.id, 'delivered')
    const erase = () => api.call(`/api/v1/sms/subjects/${erased.local}`, { method: 'DELETE' })
    await until('the person is erased', async () => (await erase()).status === 200)
    const newest = join(folder, 'newest')
    expect(await run('backup', [newest], variables)).toMatchObject({ code: 0 })
    await gateway.process.kill()
    const before = twilio.submissions().length

    const database = await createTestDatabase({ migrated: false })
    cleanUp(() => database.drop())
    const restoredTo = { ...variables, DATABASE_URL: database.url }
    const restored = await run('restore', [old], restoredTo)
    expect(restored).toMatchObject({ code: 0, err: '' })
    expect(restored.out).toContain('1 messages waited then and may have been sent since')
    expect(await run('restore', [old], restoredTo)).toMatchObject({
      code: 1,
      err: 'the database is not empty: restore into a new one\n',
    })

    await runGateway({ ...gateway, variables: restoredTo }, cleanUp)
    expect(await api.find(first.id)).toMatchObject({
      status: 'delivered',
      phone: null,
      message: null,
    })
    expect(await api.find(other.id)).toMatchObject({ phone: bystander.e164 })
    expect(await api.find(waiting.id)).toMatchObject({ status: 'held', hold_reason: 'restored' })
    expect(await api.find(tomorrow.id)).toMatchObject({ status: 'scheduled' })
    const fresh = await api.send({ phone: bystander.local, message: 'fresh' })
    await until('a dispatcher has looked at it', () => isEmpty(gateway.stores, database.url))
    expect(twilio.submissions()).toHaveLength(before)
    expect(await api.find(fresh.id)).toMatchObject({ status: 'queued' })

    expect(await run('resume', [], restoredTo)).toEqual({
      code: 0,
      err: '',
      out: 'the gateway runs; 1 messages that were held are unknown, and are not sent\n',
    })
    // It was rung for while nobody took it: the next ring may be half a minute away.
    await database.db
      .updateTable('message')
      .set({ ring_at: new Date() })
      .where('id', '=', fresh.id)
      .execute()
    await api.untilStatus(fresh.id, 'delivered')
    expect(await api.find(waiting.id)).toMatchObject({
      status: 'unknown',
      error: { code: 'restored' },
    })
    expect(twilio.submissions()).toHaveLength(before + 1)
    expect(twilio.submissions().filter(({ to }) => to === soon.e164)).toHaveLength(1)
    expect(await run('resume', [], restoredTo)).toMatchObject({
      out: 'the gateway was not paused\n',
    })
  })
})

/** All that was rung for has been taken from the queue: the ring of a message is in it before its 202. */
async function isEmpty({ redisUrl }: Stores, databaseUrl: string): Promise<boolean> {
  const backend = connectBackend(
    redisUrl === undefined
      ? { kind: 'postgres', url: databaseUrl }
      : { kind: 'redis', url: redisUrl },
  )
  const queues = openLaneQueues(backend, { onError: () => undefined })
  try {
    const counts = await Promise.all(LANES.map((lane) => queues.countJobs(lane)))
    return counts.every((count) => count === 0)
  } finally {
    await queues.close()
    await backend.close()
  }
}

async function run(name: 'backup' | 'restore' | 'resume', args: string[], env: Variables) {
  const command = join(import.meta.dirname, `../src/${name}-command.ts`)
  const child = spawnTypeScript(command, args, env)
  const said = { out: '', err: '' }
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said.out += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said.err += text))
  const [code]: unknown[] = await once(child, 'close')
  return { code, ...said }
}

function readFiles(folder: string): string {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile())
    .map((path) => readFileSync(path, 'utf8'))
    .join('\n')
}
