import { Agent } from 'node:http'
import axios from 'axios'
import pg from 'pg'
import { z } from 'zod'
import { NaiveBackend, startNaiveWorkerOn } from './naive-queue.ts'
import type { Answers } from './role.ts'

export const NaiveWorkerSettings = z.object({
  databaseUrl: z.string(),
  backend: NaiveBackend,
  twilioUrl: z.string(),
  accountSid: z.string(),
  authToken: z.string(),
  from: z.string(),
})
export type NaiveWorkerSettings = z.infer<typeof NaiveWorkerSettings>

const Created = z.object({ sid: z.string() })
const POOL_SIZE = 10
const CONCURRENCY = 50

/** The other half of the baseline: a job a message, Twilio's create call by axios, one row updated. */
export function startNaiveWorker(input: unknown): Promise<Answers> {
  const settings = NaiveWorkerSettings.parse(input)
  const { databaseUrl, backend, twilioUrl, accountSid, authToken, from } = settings
  const pool = new pg.Pool({ connectionString: databaseUrl, max: POOL_SIZE })
  const client = axios.create({
    baseURL: `${twilioUrl}/2010-04-01/Accounts/${accountSid}`,
    auth: { username: accountSid, password: authToken },
    httpAgent: new Agent({ keepAlive: true }),
    timeout: 10_000,
  })
  startNaiveWorkerOn(
    backend,
    async ({ id, phone, message }) => {
      const to = phone.replace(/^0/, '+886')
      const form = new URLSearchParams({ To: to, From: from, Body: message })
      const { data } = await client.post<unknown>('/Messages.json', form)
      await pool.query(
        `update naive_message set status = 'sent', provider_message_id = $2, sent_at = now() where id = $1`,
        [id, Created.parse(data).sid],
      )
    },
    CONCURRENCY,
  )
  return Promise.resolve({})
}
