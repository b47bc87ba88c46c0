import { stat } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { type Request, type Response, Router } from 'express'
import { consolePolicy } from '@sms-gateway/service-kit/page-security'

/** Where the built operators' page lies: in the workspace and in an image alike. */
export function findConsole(): string {
  const manifest = createRequire(import.meta.url).resolve('@sms-gateway/admin-web/package.json')
  return join(dirname(manifest), 'dist')
}

const NOT_OURS = /^\/(api|docs|healthz|readyz|metrics)(\/|$)/i
/** What the build makes: no folder but assets, nothing that begins with a dot. */
const FILE = /^\/(assets\/)?[A-Za-z0-9_][A-Za-z0-9_.-]*\.[a-z0-9]+$/
const INDEX = '/index.html'
const ENCODINGS = [
  ['br', '.br'],
  ['gzip', '.gz'],
] as const

const NOT_BUILT =
  '<!doctype html><html lang="en"><meta charset="utf-8"><title>Not built</title>' +
  '<p>The operators’ page is not built: run <code>npm start</code>, which builds it, and load this again.</p></html>'

/**
 * The operators' page at `/`. Its own paths (`/messages/123`) are the page itself, for browsers that go there.
 * It stands behind all other routes and leaves to them what is not its own.
 */
export function createConsole(folder: string): Router {
  const setPolicy = consolePolicy()
  return Router().use(async (req, res, next) => {
    const path = toFile(req)
    if (path === undefined) {
      next()
      return
    }
    setPolicy(req, res, () => undefined)
    const found = await findFile(folder, path, req)
    if (found) {
      // For the log and the figures: the path of a page may hold an id.
      req.route = { path: path === INDEX ? '/*' : '/assets/*' }
      await send(res, folder, path, found)
    } else if (path === INDEX) {
      res.status(503).set('Cache-Control', 'no-store').type('html').send(NOT_BUILT)
    } else {
      next()
    }
  })
}

function toFile({ method, path, headers: { accept = '' } }: Request): string | undefined {
  if (!['GET', 'HEAD'].includes(method) || NOT_OURS.test(path)) return undefined
  if (path === '/') return INDEX
  if (FILE.test(path)) return path
  return accept.includes('text/html') ? INDEX : undefined
}

interface Found {
  name: string
  encoding: string | undefined
}

/** The smallest form that the browser takes and the build has made. */
async function findFile(folder: string, path: string, req: Request): Promise<Found | undefined> {
  for (const [encoding, ending] of ENCODINGS) {
    const name = path + ending
    if (req.acceptsEncodings(encoding) && (await isFile(join(folder, name)))) {
      return { name, encoding }
    }
  }
  return (await isFile(join(folder, path))) ? { name: path, encoding: undefined } : undefined
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile()
  } catch {
    return false
  }
}

function send(
  res: Response,
  folder: string,
  path: string,
  { name, encoding }: Found,
): Promise<void> {
  const isHashed = path.startsWith('/assets/')
  res.type(path.slice(path.lastIndexOf('.')))
  res.vary('Accept-Encoding')
  // What has a hash in its name never changes; the rest is asked for each time, and mostly answered 304.
  res.set('Cache-Control', isHashed ? 'public, max-age=31536000, immutable' : 'no-cache')
  if (encoding !== undefined) res.set('Content-Encoding', encoding)
  return new Promise((resolve, reject) => {
    res.sendFile(name, { root: folder, cacheControl: false }, (err?: Error) => {
      // A browser that went away is no error of ours.
      if (err && !res.headersSent) reject(err)
      else resolve()
    })
  })
}
