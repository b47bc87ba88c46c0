import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import express from 'express'
import pg from 'pg'
import { z } from 'zod'
import { BARE_QUEUE, NAIVE_QUEUE, NaiveBackend, openNaiveQueue } from './naive-queue.ts'
import type { Answers } from './role.ts'

export const NaiveApiSettings = z.object({
  port: z.number(),
  databaseUrl: z.string(),
  backend: NaiveBackend,
})
export type NaiveApiSettings = z.infer<typeof NaiveApiSettings>

const SendRequest = z.strictObject({
  phone: z.string().min(1).max(40),
  message: z.string().min(1).max(5_000),
  message_type: z.string().regex(/^[a-z][a-z0-9_]{0,49}$/),
  customer_id: z.string().min(1).max(100).optional(),
  metadata: z.record(z.string(), z.unknown()).optional(),
})

const POOL_SIZE = 10

/**
 * The baseline as anybody would write it in an afternoon. `/bare`: parse and one job a request, no database.
 * `/send`: parse, a row and a job a message.
 */
export async function startNaiveApi(input: unknown): Promise<Answers> {
  const { port, databaseUrl, backend } = NaiveApiSettings.parse(input)
  const pool = new pg.Pool({ connectionString: databaseUrl, max: POOL_SIZE })
  const bare = openNaiveQueue(backend, BARE_QUEUE)
  const queue = openNaiveQueue(backend, NAIVE_QUEUE)
  const app = express()
  app.use(express.json())

  app.post('/bare', async (req, res) => {
    const { phone, message } = SendRequest.parse(req.body)
    const id = randomUUID()
    await bare.add({ id, phone, message })
    res.status(202).json({ id, status: 'queued' })
  })

  app.post('/send', async (req, res) => {
    const { phone, message, message_type } = SendRequest.parse(req.body)
    const id = randomUUID()
    await pool.query(
      `insert into naive_message (id, phone, message, message_type, status) values ($1, $2, $3, $4, 'queued')`,
      [id, phone, message, message_type],
    )
    await queue.add({ id, phone, message })
    res.status(202).json({ id, status: 'queued' })
  })

  const server = app.listen(port, '127.0.0.1')
  await once(server, 'listening')
  return {}
}
