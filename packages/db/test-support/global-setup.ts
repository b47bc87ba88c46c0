import { randomBytes } from 'node:crypto'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startCaretaker } from './caretaker.ts'
import { hasPostgres14 } from './postgres-14.ts'
import { startTestPostgres, startTestRedis } from './servers.ts'

/** One PostgreSQL and one Redis for the whole run, unless the environment names them already. */
export default async function globalSetup(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'sms-gateway-test-'))
  startCaretaker(folder)
  process.env['TEST_FOLDER'] = folder

  process.env['TEST_RUN_ID'] = randomBytes(4).toString('hex')
  const [databaseUrl, redisUrl] = await Promise.all([
    process.env['TEST_DATABASE_URL'] ?? startTestPostgres(folder),
    process.env['TEST_REDIS_URL'] ?? startTestRedis(folder),
  ])
  process.env['TEST_DATABASE_URL'] = databaseUrl
  if (!hasPostgres14()) {
    // Where the newest is, the package of the oldest may still be missing: it is there for x64 Linux alone.
    const platform = `${process.platform}-${process.arch}`
    if (process.env['CI'] === 'true') throw new Error(`there is no PostgreSQL 14 for ${platform}`)
    process.stderr.write(`\nNO POSTGRESQL 14 for ${platform}: its tests are SKIPPED.\n\n`)
  }
  if (redisUrl !== undefined) process.env['TEST_REDIS_URL'] = redisUrl
  else if (process.env['CI'] === 'true') {
    throw new Error('there is no redis-server on this machine: install it, or set TEST_REDIS_URL')
  } else {
    process.stderr.write(
      '\nNO REDIS: the tests on Redis are SKIPPED. Install redis-server, or set TEST_REDIS_URL.\n\n',
    )
  }
}
