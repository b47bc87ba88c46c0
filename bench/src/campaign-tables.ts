import type { OwnProcess } from './processes.ts'
import type { Database, Stores } from './stores.ts'

/** What the suite of campaigns measures on. */
export interface CampaignBench {
  stores: Stores
  database: Database
  ingest: OwnProcess & { url: string }
}

const TABLES =
  'campaign, campaign_recipient, campaign_reject, campaign_upload, subject_key, message, message_event'

export async function reset({ database }: CampaignBench): Promise<void> {
  await database.client.query(`truncate ${TABLES}, naive_recipient, naive_text`)
  await database.client.query('checkpoint')
}

/** For the baselines, which have a row a person and no more. */
export async function createNaiveTables(database: Database): Promise<void> {
  await database.client.query(
    'create table naive_recipient (phone text primary key, name text, sent boolean not null default false)',
  )
  await database.client.query(
    'create table naive_text (id serial primary key, phone text, body text)',
  )
}
