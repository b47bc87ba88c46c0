import { sql } from 'kysely'
import type { Template } from '@sms-gateway/domain/template-version'
import type { Db } from './connect.ts'

/** The version in force; `undefined` for one that was never made, or is deleted. */
export async function findTemplate(db: Db, code: string): Promise<Template | undefined> {
  const row = await db
    .selectFrom('template')
    .select(['code', 'version'])
    .where('code', '=', code)
    .where('deleted_at', 'is', null)
    .executeTakeFirst()
  return row && findTemplateVersion(db, row.code, row.version)
}

export async function findTemplateVersion(
  db: Db,
  code: string,
  version: number,
): Promise<Template | undefined> {
  const row = await db
    .selectFrom('template_version')
    .selectAll()
    .where('code', '=', code)
    .where('version', '=', version)
    .executeTakeFirst()
  if (!row) return undefined
  const variants = await db
    .selectFrom('template_variant')
    .select(['variant', 'content', 'weight', 'active'])
    .where('code', '=', code)
    .where('version', '=', version)
    .orderBy('variant')
    .execute()
  const { name, language, author, created_at: createdAt } = row
  return { code, version, name, language, author, createdAt, variants }
}

export interface TemplateQuestion {
  /** The last code of the page before. */
  after: string | undefined
  limit: number
  /** In the code or the name, in any case. */
  search?: string | undefined
  /** Whether a message could have it: one variant is active and has a weight. */
  active?: boolean | undefined
}

/** By code. There are some hundreds of them at most, so a search reads them all. */
export async function listTemplates(
  db: Db,
  { after, limit, search, active }: TemplateQuestion,
): Promise<Template[]> {
  let query = db
    .selectFrom('template as t')
    .select(['t.code', 't.version'])
    .where('t.deleted_at', 'is', null)
  if (after !== undefined) query = query.where('t.code', '>', after)
  if (search !== undefined) query = query.where(isFound(search))
  if (active !== undefined) query = query.where(IS_SENDABLE, '=', active)
  const rows = await query.orderBy('t.code').limit(limit).execute()
  const found = await Promise.all(
    rows.map(({ code, version }) => findTemplateVersion(db, code, version)),
  )
  return found.filter((template): template is Template => template !== undefined)
}

function isFound(search: string) {
  return sql<boolean>`exists (select 1 from template_version v where v.code = t.code and v.version = t.version
    and (strpos(lower(v.code), lower(${search})) > 0 or strpos(lower(v.name), lower(${search})) > 0))`
}

const IS_SENDABLE = sql<boolean>`exists (select 1 from template_variant v where v.code = t.code
  and v.version = t.version and v.active and v.weight > 0)`

/** Newest first. `before` is the last version of the page before. */
export async function listTemplateVersions(
  db: Db,
  code: string,
  { before, limit }: { before?: number | undefined; limit: number },
): Promise<Template[]> {
  const rows = await db
    .selectFrom('template_version')
    .select('version')
    .where('code', '=', code)
    .$if(before !== undefined, (query) => query.where('version', '<', before ?? 0))
    .orderBy('version', 'desc')
    .limit(limit)
    .execute()
  const found = await Promise.all(rows.map(({ version }) => findTemplateVersion(db, code, version)))
  return found.filter((template): template is Template => template !== undefined)
}
