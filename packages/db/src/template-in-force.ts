import type { TemplateInForce } from '@sms-gateway/domain/experiment'
import type { Db } from './connect.ts'
import { findTemplate, findTemplateVersion } from './templates.ts'

/** The version that messages are made of now, with the test that runs on it. */
export async function findTemplateInForce(
  db: Db,
  code: string,
): Promise<TemplateInForce | undefined> {
  const template = await findTemplate(db, code)
  if (!template) return undefined
  const row = await db
    .selectFrom('experiment')
    .select(['id', 'hold_out', 'hold_out_gets', 'control'])
    .where('code', '=', code)
    .where('version', '=', template.version)
    .where('ended_at', 'is', null)
    .executeTakeFirst()
  const experiment = row && {
    id: row.id,
    holdOut: row.hold_out,
    holdOutGets: row.hold_out_gets,
    control: row.control,
  }
  return { ...template, experiment: experiment ?? null }
}

/** A version that was pinned, whatever is in force since: with the test that runs on it, if one does. */
export async function findPinnedTemplate(
  db: Db,
  code: string,
  version: number,
): Promise<TemplateInForce | undefined> {
  const inForce = await findTemplateInForce(db, code)
  if (inForce?.version === version) return inForce
  const template = await findTemplateVersion(db, code, version)
  return template && { ...template, experiment: null }
}
