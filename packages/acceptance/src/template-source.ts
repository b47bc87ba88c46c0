import type { Db } from '@sms-gateway/db/connect'
import { findTemplateInForce } from '@sms-gateway/db/template-in-force'
import type { TemplateInForce } from '@sms-gateway/domain/experiment'

const TTL_MS = 1_000
const MAX_ENTRIES = 1_000

/** Templates by code, each asked for at most once a second: a new version, or a test of one, is in force within that. */
export function createTemplateSource(
  db: Db,
  now: () => number = Date.now,
): (code: string) => Promise<TemplateInForce | undefined> {
  const known = new Map<
    string,
    { template: Promise<TemplateInForce | undefined>; validUntil: number }
  >()
  return (code) => {
    const entry = known.get(code)
    if (entry && now() < entry.validUntil) return entry.template
    const template = findTemplateInForce(db, code)
    known.delete(code)
    known.set(code, { template, validUntil: now() + TTL_MS })
    // A failure is nobody's answer: the next request asks again.
    template.catch(() => known.delete(code))
    const [oldest] = known.keys()
    if (known.size > MAX_ENTRIES && oldest !== undefined) known.delete(oldest)
    return template
  }
}
