import type { Stores } from './stores.ts'

/** Lets only the first messages of a campaign be claimed: the others stay queued, however long the test takes. */
export interface ClaimGate {
  /** To be called before the campaign starts. */
  letThrough(campaignId: string, count: number): Promise<void>
  open(campaignId: string): Promise<void>
}

export async function createClaimGate(stores: Stores): Promise<ClaimGate> {
  await stores.query('create table claim_gate (campaign_id uuid primary key, count int not null)')
  await stores.query(`
    create function is_let_through() returns trigger language plpgsql as $$
    declare most int := (select count from claim_gate where campaign_id = new.campaign_id);
    begin
      if most is null or most > (
        select count(*) from message where campaign_id = new.campaign_id and id < new.id
      ) then return new; end if;
      -- As if another dispatcher had it.
      return null;
    end $$`)
  await stores.query(`
    create trigger let_through before update on message for each row
    when (new.status = 'sending' and old.status <> 'sending') execute function is_let_through()`)
  return {
    async letThrough(campaignId, count) {
      await stores.query('insert into claim_gate values ($1, $2)', [campaignId, count])
    },
    async open(campaignId) {
      await stores.query('delete from claim_gate where campaign_id = $1', [campaignId])
      // Those that it turned away were rung for: the next ring may be half a minute away.
      await stores.query(
        `update message set ring_at = now() where campaign_id = $1 and status = 'queued'`,
        [campaignId],
      )
    },
  }
}
