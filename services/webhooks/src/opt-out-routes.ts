import { type Request, type Response, Router } from 'express'
import type { Db } from '@sms-gateway/db/connect'
import { findOptOut } from '@sms-gateway/db/list-opt-outs'
import { type OptOutLink, readOptOutToken } from '@sms-gateway/db/opt-out-token'
import { addOptOut, removeOptOut } from '@sms-gateway/db/opt-outs'
import { isOutage } from '@sms-gateway/db/readiness'
import type { Vault } from '@sms-gateway/db/vault'
import { rawBody } from '@sms-gateway/service-kit/json-body'
import { pageSecurity } from '@sms-gateway/service-kit/page-security'
import { type OptOutPage, renderOptOutPage, STYLE } from './opt-out-page.ts'

export interface OptOutPageDeps {
  db: Db
  vault: Vault
  now: () => Date
}

const PAGE = '/api/v1/sms/opt-out/:token'
const BODY_LIMIT_BYTES = 1024
const RETRY_AFTER_SECONDS = 30
const STATUSES: Partial<Record<OptOutPage['kind'], number>> = {
  forged: 404,
  expired: 410,
  away: 503,
}

/**
 * The page behind the link in a text. To look changes nothing: those who scan texts for bad links follow them all, and
 * only a person presses a button.
 */
export function optOutPageRoutes(deps: OptOutPageDeps): Router {
  const secured = pageSecurity(STYLE)
  return Router()
    .get(PAGE, ...secured, (req: Request, res: Response) => answer(deps, req, res, describe))
    .post(PAGE, ...secured, rawBody(BODY_LIMIT_BYTES), (req: Request, res: Response) =>
      answer(deps, req, res, change),
    )
}

type Act = (deps: OptOutPageDeps, link: OptOutLink, req: Request) => Promise<OptOutPage>

async function answer(deps: OptOutPageDeps, req: Request, res: Response, act: Act): Promise<void> {
  const page = await makePage(deps, req, act)
  if (page.kind === 'away') res.set('Retry-After', String(RETRY_AFTER_SECONDS))
  res
    .status(STATUSES[page.kind] ?? 200)
    .type('html')
    .send(renderOptOutPage(page))
}

async function makePage(deps: OptOutPageDeps, req: Request, act: Act): Promise<OptOutPage> {
  const read = readOptOutToken(deps.vault, String(req.params['token']), deps.now())
  if (read.kind !== 'ok') return read
  try {
    return await act(deps, read.link, req)
  } catch (err) {
    if (isOutage(err)) return { kind: 'away' }
    throw err
  }
}

const CHANNEL = 'sms'
const SOURCE = 'link'

async function describe({ db, vault }: OptOutPageDeps, link: OptOutLink): Promise<OptOutPage> {
  const optOut = await findOptOut(db, vault, { ...link, channel: CHANNEL })
  if (!optOut) return { kind: 'ask', of: link.kind }
  return { kind: 'done', of: link.kind, canReturn: optOut.source === SOURCE }
}

/** What came by an operator, a word or a carrier is not for a link to lift: it may have been passed on. */
async function change(deps: OptOutPageDeps, link: OptOutLink, req: Request): Promise<OptOutPage> {
  const { db, vault } = deps
  const now = deps.now()
  const said = { ...link, channel: CHANNEL, source: SOURCE, reason: null, actor: null }
  if (!wantsBack(req)) {
    await addOptOut(db, vault, said, now)
    return describe(deps, link)
  }
  await removeOptOut(db, vault, said, { now, only: SOURCE })
  const page = await describe(deps, link)
  return page.kind === 'ask' ? { kind: 'returned', of: link.kind } : page
}

/** Anything else opts out: mail programs post `List-Unsubscribe=One-Click`, and some nothing at all. */
function wantsBack({ body }: Request): boolean {
  return Buffer.isBuffer(body) && new URLSearchParams(body.toString()).get('action') === 'opt-in'
}
