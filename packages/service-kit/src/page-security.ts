import { createHash } from 'node:crypto'
import type { RequestHandler } from 'express'
import helmet from 'helmet'

/** Of a page for people: it has this one style and no script, posts to itself, and is kept and framed by nobody. */
export function pageSecurity(style: string): RequestHandler[] {
  const hash = createHash('sha256').update(style).digest('base64')
  return [
    helmet.contentSecurityPolicy({
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        styleSrc: [`'sha256-${hash}'`],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
        baseUri: ["'none'"],
      },
    }),
    (_req, res, next) => {
      res.set({ 'Cache-Control': 'no-store', 'X-Robots-Tag': 'noindex, nofollow' })
      next()
    },
  ]
}

/** What is served from files of ours, which write styles into the page. */
const FROM_OUR_FILES = {
  defaultSrc: ["'none'"],
  scriptSrc: ["'self'"],
  styleSrc: ["'self'", "'unsafe-inline'"],
  imgSrc: ["'self'", 'data:'],
  connectSrc: ["'self'"],
  frameAncestors: ["'none'"],
}

/**
 * Of the operators' page. Scripts come from files of ours alone. Styles may stand in the page, because Mantine computes
 * positions and sizes into `style`. No upgrade to https: on a machine of one's own the page is served without.
 */
export function consolePolicy(): RequestHandler {
  return helmet.contentSecurityPolicy({
    useDefaults: false,
    directives: { ...FROM_OUR_FILES, formAction: ["'self'"], baseUri: ["'none'"] },
  })
}

/** Of BullMQ's board: paths from a base, and no forms. It asks Google for a font, and does without. */
export function boardPolicy(): RequestHandler {
  return helmet.contentSecurityPolicy({
    useDefaults: false,
    directives: {
      ...FROM_OUR_FILES,
      fontSrc: ["'self'", 'data:'],
      formAction: ["'none'"],
      baseUri: ["'self'"],
    },
  })
}
