import type { Db } from '@sms-gateway/db/connect'
import { findTemplate } from '@sms-gateway/db/templates'
import type { Template } from '@sms-gateway/domain/template-version'

const TTL_MS = 1_000
const MAX_ENTRIES = 1_000

/** Templates by code, each asked for at most once a second: a new version is in force within that. */
export function createTemplateSource(
  db: Db,
  now: () => number = Date.now,
): (code: string) => Promise<Template | undefined> {
  const known = new Map<string, { template: Promise<Template | undefined>; validUntil: number }>()
  return (code) => {
    const entry = known.get(code)
    if (entry && now() < entry.validUntil) return entry.template
    const template = findTemplate(db, code)
    known.delete(code)
    known.set(code, { template, validUntil: now() + TTL_MS })
    // A failure is nobody's answer: the next request asks again.
    template.catch(() => known.delete(code))
    const [oldest] = known.keys()
    if (known.size > MAX_ENTRIES && oldest !== undefined) known.delete(oldest)
    return template
  }
}
