import type {
  ChangeTemplateRequest,
  CreateTemplateRequest,
  ReplaceVariantsRequest,
} from '@sms-gateway/contracts/templates'
import { changeTemplate, type EndOfTest } from '@sms-gateway/db/change-template'
import type { Db } from '@sms-gateway/db/connect'
import { findTemplateVersion } from '@sms-gateway/db/templates'
import {
  addVariant,
  changeVariant,
  promoteVariant,
  replaceVariants,
  type TemplateChange,
} from '@sms-gateway/domain/change-template'
import type { Template } from '@sms-gateway/domain/template-version'

export type TemplateResult =
  | { kind: 'ok'; template: Template }
  | { kind: 'not-found' }
  | { kind: 'variant-exists' }
  | { kind: 'version-passed' }

/** A new template, or one more variant of it: either way a new version. */
export async function createVariant(
  db: Db,
  { code, ...variant }: CreateTemplateRequest,
  author: string,
): Promise<TemplateResult> {
  return change(db, { code, author }, (current) => addVariant(current, variant))
}

export async function updateVariant(
  db: Db,
  code: string,
  request: ChangeTemplateRequest,
  author: string,
): Promise<TemplateResult> {
  return change(db, { code, author }, (current) =>
    current ? changeVariant(current, request) : { kind: 'variant-not-found' },
  )
}

/** The whole of a template, new or changed, as one new version. */
export async function replaceTemplate(
  db: Db,
  code: string,
  request: ReplaceVariantsRequest,
  author: string,
): Promise<TemplateResult> {
  return change(db, { code, author }, (current) => replaceVariants(current, request))
}

/** A new version that reads as an old one: what was sent meanwhile keeps its own. */
export async function rollBack(
  db: Db,
  code: string,
  version: number,
  author: string,
): Promise<TemplateResult> {
  const old = await findTemplateVersion(db, code, version)
  return change(db, { code, author }, (current) =>
    current && old ? { kind: 'ok', draft: old } : { kind: 'variant-not-found' },
  )
}

/** One variant gets all people, and the test that found it is over. */
export async function promote(
  db: Db,
  { code, variant }: { code: string; variant: string },
  author: string,
): Promise<TemplateResult> {
  return change(db, { code, author, endsTest: 'promoted' }, (current) =>
    current ? promoteVariant(current, variant) : { kind: 'variant-not-found' },
  )
}

async function change(
  db: Db,
  who: { code: string; author: string; endsTest?: EndOfTest },
  decide: (current: Template | undefined) => TemplateChange,
): Promise<TemplateResult> {
  let refusal: Exclude<TemplateChange, { kind: 'ok' }> | undefined
  const template = await changeTemplate(db, who, (current) => {
    const decision = decide(current)
    if (decision.kind === 'ok') return decision.draft
    refusal = decision
    return undefined
  })
  if (template) return { kind: 'ok', template }
  return refusal && refusal.kind !== 'variant-not-found' ? refusal : { kind: 'not-found' }
}
