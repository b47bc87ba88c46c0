import type pg from 'pg'
import { phoneOf } from './campaign-data.ts'
import { type CampaignBench, reset } from './campaign-tables.ts'
import type { Measurement } from './contender.ts'
import { startProbe } from './probe.ts'

export function insertSingly(bench: CampaignBench, seconds: number): Promise<Measurement> {
  return repeatSingly(bench, seconds, async (client, index) => {
    await client.query('insert into naive_recipient (phone, name) values ($1, $2)', [
      phoneOf(index),
      `A${index}`,
    ])
  })
}

export function handSingly(bench: CampaignBench, seconds: number): Promise<Measurement> {
  return repeatSingly(bench, seconds, async (client, index) => {
    const phone = phoneOf(index)
    await client.query('insert into naive_text (phone, body) values ($1, $2)', [phone, `A${index}`])
    await client.query('update naive_recipient set sent = true where phone = $1', [phone])
  })
}

/** Without seals, hashes or checks: only the rows, one after the other. */
async function repeatSingly(
  bench: CampaignBench,
  seconds: number,
  run: (client: pg.Client, index: number) => Promise<void>,
): Promise<Measurement> {
  await reset(bench)
  const { stores, database } = bench
  const probe = await startProbe(stores, database.client, [])
  const startedAt = performance.now()
  let count = 0
  while (performance.now() - startedAt < seconds * 1_000) await run(database.client, count++)
  const took = (performance.now() - startedAt) / 1_000
  return { ...(await probe.finish(count)), perSecond: count / took, messages: count }
}
