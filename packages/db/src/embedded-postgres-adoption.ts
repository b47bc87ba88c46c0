import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import type { ServerContext } from './embedded-postgres-server.ts'
import { findPostmaster, stopServer } from './embedded-postgres-server.ts'
import type { Report } from './embedded-postgres-user.ts'

const ADOPTION_LIMIT_MS = 60_000
const CONNECT_LIMIT_MS = 5_000

/** The port of a server that was left behind and answers; one that does not is stopped. */
export async function adoptServer(
  context: ServerContext,
  urlOf: (port: number, database: string) => string,
  report: Report,
): Promise<number | undefined> {
  const deadline = Date.now() + ADOPTION_LIMIT_MS
  for (;;) {
    const postmaster = await findPostmaster(context.paths)
    if (!postmaster) return undefined
    const answer = await ask(urlOf(postmaster.port, 'postgres'))
    if (answer === 'answers') {
      report(`took over the PostgreSQL that was left running (process ${postmaster.pid})`)
      return postmaster.port
    }
    if (answer === 'refuses' || Date.now() > deadline) {
      report(`stopping the PostgreSQL that was left running (process ${postmaster.pid})`)
      await stopServer(context)
      return undefined
    }
    await sleep(200)
  }
}

async function ask(url: string): Promise<'answers' | 'not-yet' | 'refuses'> {
  const client = createClient(url)
  try {
    await client.connect()
    await client.query('select 1')
    return 'answers'
  } catch (err) {
    const code = err instanceof Error && 'code' in err ? err.code : undefined
    // 57P03: it is starting up, recovering or shutting down. Its port opens a moment after its file.
    return code === '57P03' || code === 'ECONNREFUSED' ? 'not-yet' : 'refuses'
  } finally {
    await client.end().catch(() => undefined)
  }
}

export function createClient(url: string): pg.Client {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: CONNECT_LIMIT_MS,
    query_timeout: CONNECT_LIMIT_MS * 6,
  })
  // A connection that breaks later is found by the next query; without a listener it would end the process.
  client.on('error', () => undefined)
  return client
}
