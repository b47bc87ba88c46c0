import type { RequestHandler, Router } from 'express'
import { HttpProblem } from './problem.ts'

/**
 * Express takes `/Metrics` for `/metrics`, and a Router must be told at its making that it should not. What stands in
 * front goes by the letter (a proxy that lets `/metrics` through to nobody), so this does too, for all routes at once.
 */
export function exactCase(routers: readonly Router[]): RequestHandler {
  const templates = [...new Set(routers.flatMap(listPaths))].map(toPatterns)
  return ({ path }, _res, next) => {
    const isExact = !/[A-Z]/.test(path) || templates.some(({ exact }) => exact.test(path))
    if (!isExact && templates.some(({ anyCase }) => anyCase.test(path))) {
      throw new HttpProblem('route-not-found', 'There is no such route: paths are in lower case.')
    }
    next()
  }
}

/** Those with a wildcard stand for everything, in whatever case. */
function listPaths({ stack }: Pick<Router, 'stack'>): string[] {
  return stack.flatMap(({ route, handle }) => {
    // eslint-disable-next-line @typescript-eslint/consistent-type-assertions -- a Router within a Router is its handler, which Express's types do not say
    if ('stack' in handle) return listPaths(handle as Router)
    const path: unknown = route?.path
    return typeof path === 'string' && !path.includes('*') ? [path] : []
  })
}

function toPatterns(path: string): { exact: RegExp; anyCase: RegExp } {
  const segments = path.split('/').map((segment) => {
    const isLiteral = !segment.includes(':')
    return isLiteral ? segment.replace(/[^\w-]/g, String.raw`\$&`) : '[^/]+'
  })
  const source = `^${segments.join('/')}/?$`
  return { exact: new RegExp(source), anyCase: new RegExp(source, 'i') }
}
