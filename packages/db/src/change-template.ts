import type { ExperimentEnd } from '@sms-gateway/domain/experiment'
import type { Template, TemplateVariant } from '@sms-gateway/domain/template-version'
import type { Db, DbTransaction } from './connect.ts'
import { endRunningExperiment } from './end-experiment.ts'
import { lockTemplateCode } from './template-lock.ts'
import { findTemplateVersion } from './templates.ts'

/** A change ends the test of the version before: see decision 0018. */
export type EndOfTest = Exclude<ExperimentEnd, 'stopped' | 'template-deleted'>

export interface TemplateDraft {
  name: string
  language: string
  variants: readonly TemplateVariant[]
}

/**
 * Makes the next version, under the template's lock: of two changes at once the second sees the first. The decision is
 * the caller's; `undefined` from it changes nothing. A deleted template comes back by being made again.
 */
export async function changeTemplate(
  db: Db,
  {
    code,
    author,
    endsTest = 'template-changed',
  }: { code: string; author: string | null; endsTest?: EndOfTest },
  decide: (current: Template | undefined) => TemplateDraft | undefined,
): Promise<Template | undefined> {
  return db.transaction().execute(async (trx) => {
    const current = await lockTemplate(trx, code)
    const draft = decide(current?.deleted ? undefined : current?.template)
    if (!draft) return undefined
    const version = (current?.template.version ?? 0) + 1
    await trx
      .insertInto('template')
      .values({ code, version, deleted_at: null })
      .onConflict((oc) => oc.column('code').doUpdateSet({ version, deleted_at: null }))
      .execute()
    const { name, language } = draft
    await trx
      .insertInto('template_version')
      .values({ code, version, name, language, author })
      .execute()
    await trx
      .insertInto('template_variant')
      .values(draft.variants.map((variant) => ({ code, version, ...variant })))
      .execute()
    await endRunningExperiment(trx, code, endsTest)
    return findTemplateVersion(trx, code, version)
  })
}

/**
 * False when there was none. Messages keep the version that made them. Under the template's lock too: a change that is
 * being made must not bring it back.
 */
export async function deleteTemplate(db: Db, code: string, now: Date): Promise<boolean> {
  return db.transaction().execute(async (trx) => {
    await lockTemplateCode(trx, code)
    await endRunningExperiment(trx, code, 'template-deleted')
    const { numUpdatedRows } = await trx
      .updateTable('template')
      .set({ deleted_at: now })
      .where('code', '=', code)
      .where('deleted_at', 'is', null)
      .executeTakeFirst()
    return numUpdatedRows === 1n
  })
}

async function lockTemplate(
  trx: DbTransaction,
  code: string,
): Promise<{ template: Template; deleted: boolean } | undefined> {
  await lockTemplateCode(trx, code)
  const row = await trx
    .selectFrom('template')
    .select(['version', 'deleted_at'])
    .where('code', '=', code)
    .executeTakeFirst()
  const template = row && (await findTemplateVersion(trx, code, row.version))
  return template && { template, deleted: row.deleted_at !== null }
}
