import { once } from 'node:events'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { spawnTypeScript } from '@sms-gateway/db/test-support/spawn-typescript'
import { addDays, dayOf } from '@sms-gateway/domain/local-days'
import { cleanUpAfterAll } from '../test-support/clean-up.ts'
import { startIngest } from '../test-support/ingest.ts'
import { newPhone, newText } from '../test-support/people.ts'
import { baseVariables } from '../test-support/settings.ts'

const COMMAND = join(import.meta.dirname, '../src/rebuild-stats-command.ts')
const cleanUp = cleanUpAfterAll()

test('the figures come back from the messages', async () => {
  const { api, stores } = await startIngest('postgres', cleanUp)
  const run = async () => {
    const child = spawnTypeScript(COMMAND, [], baseVariables(stores))
    let said = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => (said += text))
    }
    const [code]: unknown[] = await once(child, 'close')
    return { code, said }
  }
  const before = dayOf(new Date(), 'Asia/Taipei')
  expect(await run()).toEqual({
    code: 0,
    said: 'there is no message: the figures stay as they are\n',
  })
  await api.send({ phone: newPhone().local, message: newText() })
  const { code, said } = await run()
  const days = said.split('\n').filter((line) => /^\d{4}-\d{2}-\d{2}$/.test(line))
  expect({ code, last: days.at(-1) }).toEqual({
    code: 0,
    last: said.includes(addDays(before, 1)) ? addDays(before, 1) : before,
  })
  expect(await stores.query('select total from stat_hour')).toEqual([{ total: 1 }])
})
