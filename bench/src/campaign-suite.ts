import { readFile } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { request } from 'undici'
import { z } from 'zod'
import { moveCampaign } from '@sms-gateway/db/campaign-actions'
import { stepCampaign } from '@sms-gateway/db/campaign-steps'
import { connectDatabase } from '@sms-gateway/db/connect'
import { NO_BUDGETS } from '@sms-gateway/db/reserve-budgets'
import { createVault } from '@sms-gateway/db/vault'
import { CampaignId } from '@sms-gateway/domain/ids'
import { createPrepareRecipients } from '@sms-gateway/scheduler/prepare-recipients'
import { handSingly, insertSingly } from './campaign-baselines.ts'
import { MULTIPART, writeForm } from './campaign-data.ts'
import { type CampaignBench, createNaiveTables, reset } from './campaign-tables.ts'
import type { Benchmark, Measurement } from './contender.ts'
import { API_KEY, gatewayEnvironment, startService, VAULT_KEYS } from './gateway.ts'
import type { Options } from './options.ts'
import { startProbe } from './probe.ts'
import type { ProcessContext, RoleProcess } from './processes.ts'
import type { Stores } from './stores.ts'
import { createGatewayDatabase } from './systems.ts'

const WARM_UP_ROWS = 2_000
const ANSWER_LIMIT_MS = 1_800_000
const STEP_SIZE = 500
const NO_BACKLOG = 100_000_000

/** A file of many rows onto a ledger, and the ledger into messages; beside it the same with an insert a row. */
export async function openCampaignSuite(
  context: ProcessContext,
  stores: Stores,
  _load: RoleProcess,
  { rows }: Options,
): Promise<Benchmark[]> {
  const database = await createGatewayDatabase(stores, 'campaigns')
  const env = gatewayEnvironment({ databaseUrl: database.url })
  const ingest = await startService(context, 'ingest-api', env, { name: 'ingest-api-campaigns' })
  const bench = { stores, database, ingest }
  await createNaiveTables(database)
  // The short round that does not count is short.
  const sizeOf = (seconds: number) => (seconds <= 1 ? Math.min(rows, WARM_UP_ROWS) : rows)
  const title = `${rows.toLocaleString('en')} rows`
  return [
    {
      name: 'campaign-upload',
      title: `CSV to ledger, ${title}`,
      target: '20,000 rows/s, under 300 MiB',
      ours: { name: 'upload', run: (seconds) => upload(bench, sizeOf(seconds)) },
      baselines: [{ name: 'an insert a row', run: (seconds) => insertSingly(bench, seconds) }],
    },
    {
      name: 'campaign-fan-out',
      title: `ledger to messages, ${title}`,
      target: '',
      ours: { name: 'steps', run: (seconds) => fanOut(bench, sizeOf(seconds)) },
      baselines: [{ name: 'an insert a row', run: (seconds) => handSingly(bench, seconds) }],
    },
  ]
}

const Accepted = z.object({ id: z.string(), counts: z.object({ recipients: z.number() }) })

async function post({ ingest }: CampaignBench, rows: number): Promise<string> {
  const { statusCode, body } = await request(`${ingest.url}/api/v1/sms/campaigns`, {
    method: 'POST',
    headers: { authorization: `Bearer ${API_KEY}`, 'content-type': MULTIPART },
    body: Readable.from(writeForm(rows)),
    headersTimeout: ANSWER_LIMIT_MS,
  })
  const text = await body.text()
  if (statusCode !== 202) throw new Error(`the upload: ${statusCode} ${text}`)
  const { id, counts } = Accepted.parse(JSON.parse(text))
  if (counts.recipients !== rows) throw new Error(`only ${counts.recipients} rows were taken`)
  return id
}

async function upload(bench: CampaignBench, rows: number): Promise<Measurement> {
  await reset(bench)
  const { stores, database, ingest } = bench
  const probe = await startProbe(stores, database.client, [ingest])
  const startedAt = performance.now()
  await post(bench, rows)
  const seconds = (performance.now() - startedAt) / 1_000
  const peakMib = await readPeakMib(ingest.pid)
  console.log(`  ${rows} rows in ${seconds.toFixed(1)} s, the process at most ${peakMib} MiB`)
  return { ...(await probe.finish(rows)), perSecond: rows / seconds, messages: rows, peakMib }
}

/** The most memory that a process has held since its start; 0 where nobody counts. */
async function readPeakMib(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
  return Math.round(Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) / 1_024)
}

/** What the scheduler does for each campaign, as fast as it can: nothing takes the messages meanwhile. */
async function fanOut(bench: CampaignBench, rows: number): Promise<Measurement> {
  await reset(bench)
  const { stores, database } = bench
  const id = CampaignId.parse(await post(bench, rows))
  const db = connectDatabase({ url: database.url, poolSize: 2, name: 'bench' })
  try {
    const vault = createVault(VAULT_KEYS)
    await moveCampaign(db, vault, { id, action: 'start', now: new Date() })
    const now = () => new Date()
    const prepare = createPrepareRecipients({ vault, rules: RULES, now })
    const self = { name: 'scheduler', pid: process.pid, stop: () => Promise.resolve() }
    const probe = await startProbe(stores, database.client, [self])
    const startedAt = performance.now()
    const options = {
      id,
      size: STEP_SIZE,
      backlog: NO_BACKLOG,
      windowSeconds: 0,
      inForce: NO_BUDGETS,
    }
    for (let handed = 0; handed < rows;) {
      const result = await stepCampaign(db, vault, { ...options, now: now() }, prepare)
      if (result.kind !== 'handed') throw new Error(`a step was ${result.kind} at ${handed}`)
      handed += result.taken
    }
    const seconds = (performance.now() - startedAt) / 1_000
    return { ...(await probe.finish(rows)), perSecond: rows / seconds, messages: rows }
  } finally {
    await db.destroy()
  }
}

const RULES = {
  companyName: '幸福氣',
  allowedCountries: ['TW'],
  registeredUrls: [],
  smartEncoding: false,
  budgets: [],
  quiet: { window: null, timeZone: 'Asia/Taipei', exemptTypes: [] },
  suppression: { marketingTypes: [], requireConsent: false },
  primaryProvider: 'twilio' as const,
  duplicateWindowSeconds: 0,
}
