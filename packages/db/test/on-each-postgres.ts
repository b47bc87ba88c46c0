import { afterAll, beforeAll, describe } from '@jest/globals'
import type { Db } from '@sms-gateway/db/connect'
import type { PostgresServer } from '@sms-gateway/db/test-support/admin'
import { hasPostgres14 } from '@sms-gateway/db/test-support/postgres-14'
import type { TestDatabase } from '@sms-gateway/db/test-support/test-database'
import { createTestDatabase } from '@sms-gateway/db/test-support/test-database'

export interface Postgres {
  readonly db: Db
  readonly url: string
  readonly server: PostgresServer
}

/** The same tests on the newest PostgreSQL and on the oldest that we support, each with a database of its own. */
export function onEachPostgres(
  defineTests: (postgres: Postgres) => void,
  { migrated = true }: { migrated?: boolean } = {},
): void {
  const servers: readonly PostgresServer[] = ['newest', '14']
  for (const server of servers) {
    const describeHere = server === '14' && !hasPostgres14() ? describe.skip : describe
    describeHere(`PostgreSQL ${server}`, () => {
      let testDb: TestDatabase | undefined
      const started = () => {
        if (testDb) return testDb
        throw new Error('the database is there in tests only')
      }
      beforeAll(async () => {
        testDb = await createTestDatabase({ server, migrated })
      })
      afterAll(() => testDb?.drop())
      defineTests({
        server,
        get db() {
          return started().db
        },
        get url() {
          return started().url
        },
      })
    })
  }
}
