import type { Insertable, Selectable } from 'kysely'
import type { Experiment } from '@sms-gateway/domain/experiment'
import type { Template } from '@sms-gateway/domain/template-version'
import type { Db } from './connect.ts'
import type { ExperimentTable } from './schema/experiments.ts'
import { lockTemplateCode } from './template-lock.ts'
import { findTemplate } from './templates.ts'

export type NewExperiment = Pick<
  Experiment,
  | 'id'
  | 'metric'
  | 'holdOut'
  | 'holdOutGets'
  | 'control'
  | 'alpha'
  | 'windowHours'
  | 'autoPromote'
  | 'author'
  | 'startedAt'
>

export type StartResult =
  | { kind: 'ok'; experiment: Experiment }
  | { kind: 'not-found' }
  | { kind: 'none' }
  | { kind: 'running' }

/** Begins a test of the version in force, under its template's lock; `undefined` from the decision begins none. */
export async function startExperiment(
  db: Db,
  code: string,
  decide: (template: Template) => NewExperiment | undefined,
): Promise<StartResult> {
  return db.transaction().execute(async (trx) => {
    await lockTemplateCode(trx, code)
    const template = await findTemplate(trx, code)
    if (!template) return { kind: 'not-found' }
    const draft = decide(template)
    if (!draft) return { kind: 'none' }
    const row = await trx
      .insertInto('experiment')
      .values(toRow(draft, template))
      .onConflict((oc) => oc.column('code').where('ended_at', 'is', null).doNothing())
      .returningAll()
      .executeTakeFirst()
    return row ? { kind: 'ok', experiment: toExperiment(row) } : { kind: 'running' }
  })
}

function toRow(draft: NewExperiment, { code, version }: Template): Insertable<ExperimentTable> {
  return {
    id: draft.id,
    code,
    version,
    metric: draft.metric,
    hold_out: draft.holdOut,
    hold_out_gets: draft.holdOutGets,
    control: draft.control,
    alpha: draft.alpha,
    window_hours: draft.windowHours,
    auto_promote: draft.autoPromote,
    author: draft.author,
    started_at: draft.startedAt,
    looked_at: draft.startedAt,
  }
}

/** The one that runs, else the one that ran last. */
export async function findExperiment(db: Db, code: string): Promise<Experiment | undefined> {
  const [newest] = await listExperiments(db, code, { limit: 1 })
  return newest
}

/** Newest first. `before` is the last id of the page before. */
export async function listExperiments(
  db: Db,
  code: string,
  { before, limit }: { before?: string | undefined; limit: number },
): Promise<Experiment[]> {
  const rows = await db
    .selectFrom('experiment')
    .selectAll()
    .where('code', '=', code)
    .$if(before !== undefined, (query) => query.where('id', '<', before ?? ''))
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()
  return rows.map(toExperiment)
}

/** Running ones that nobody has judged since `before`; by taking them this look is ours. */
export async function claimExperiments(
  db: Db,
  { before, now, limit }: { before: Date; now: Date; limit: number },
): Promise<Experiment[]> {
  const rows = await db
    .updateTable('experiment')
    .set({ looked_at: now })
    .where('id', 'in', (query) =>
      query
        .selectFrom('experiment')
        .select('id')
        .where('ended_at', 'is', null)
        .where('looked_at', '<=', before)
        .orderBy('looked_at')
        .limit(limit)
        .forUpdate()
        .skipLocked(),
    )
    .returningAll()
    .execute()
  return rows.map(toExperiment)
}

/** Kept once: what a later look says changes nothing. */
export async function recordWinner(
  db: Db,
  id: string,
  { winner, now }: { winner: string; now: Date },
): Promise<void> {
  await db
    .updateTable('experiment')
    .set({ winner, decided_at: now })
    .where('id', '=', id)
    .where('winner', 'is', null)
    .where('ended_at', 'is', null)
    .execute()
}

function toExperiment(row: Selectable<ExperimentTable>): Experiment {
  return {
    id: row.id,
    code: row.code,
    version: row.version,
    metric: row.metric,
    holdOut: row.hold_out,
    holdOutGets: row.hold_out_gets,
    control: row.control,
    alpha: row.alpha,
    windowHours: row.window_hours,
    autoPromote: row.auto_promote,
    author: row.author,
    startedAt: row.started_at,
    endedAt: row.ended_at,
    endReason: row.end_reason,
    winner: row.winner,
    decidedAt: row.decided_at,
  }
}
