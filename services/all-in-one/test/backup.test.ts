import { once } from 'node:events'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from '@jest/globals'
import { spawnTypeScript } from '@sms-gateway/db/test-support/spawn-typescript'
import { createTestDatabase } from '@sms-gateway/db/test-support/test-database'
import { makeTestFolder } from '@sms-gateway/db/test-support/test-folder'
import { describeEachBackend } from '../test-support/backends.ts'
import { cleanUpAfterAll } from '../test-support/clean-up.ts'
import { findLeaks } from '../test-support/needles.ts'
import { newPhone, newText } from '../test-support/people.ts'
import type { Variables } from '../test-support/settings.ts'
import { until } from '../test-support/until.ts'
import { runGateway, startGateway } from '../test-support/world.ts'

const LIMIT_MS = 180_000
const SOON_MS = 3_000
const TOMORROW_MS = 86_400_000

describeEachBackend((backend) => {
  const cleanUp = cleanUpAfterAll()

  test(
    'a back-up taken before an erasure is unreadable afterwards, and restored it texts nobody twice',
    async () => {
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
        schedule_at: at(60_000),
      })
      const tomorrow = await api.send({
        phone: later.local,
        message: 'later',
        schedule_at: at(TOMORROW_MS),
      })
      await gateway.stores.query(
        `update message set schedule_at = $2, not_before = $2, ring_at = $2 where id = $1`,
        [waiting.id, at(SOON_MS)],
      )

      const folder = makeTestFolder()
      const old = join(folder, 'old')
      const backup = await run('backup', [old], variables)
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
      await sleep(1_500)
      expect(twilio.submissions()).toHaveLength(before)
      expect(await api.find(fresh.id)).toMatchObject({ status: 'queued' })

      expect(await run('resume', [], restoredTo)).toEqual({
        code: 0,
        err: '',
        out: 'the gateway runs; 1 messages that were held are unknown, and are not sent\n',
      })
      await api.untilStatus(fresh.id, 'delivered', 60_000)
      expect(await api.find(waiting.id)).toMatchObject({
        status: 'unknown',
        error: { code: 'restored' },
      })
      expect(twilio.submissions()).toHaveLength(before + 1)
      expect(twilio.submissions().filter(({ to }) => to === soon.e164)).toHaveLength(1)
      expect(await run('resume', [], restoredTo)).toMatchObject({
        out: 'the gateway was not paused\n',
      })
    },
    LIMIT_MS,
  )
})

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
