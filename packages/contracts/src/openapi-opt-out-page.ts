import { pathParameter } from './openapi-parts.ts'

/** Behind the link in a text. */
export function optOutPagePaths() {
  return {
    '/sms/opt-out/{token}': {
      get: peoplesPage('optOutPage', 'get'),
      post: peoplesPage('optOutByLink', 'post'),
    },
  }
}

/** For people: it speaks HTML whatever happens. */
function peoplesPage(operationId: string, method: 'get' | 'post') {
  const html = { 'text/html': { schema: { type: 'string' } } }
  const form = { 'application/x-www-form-urlencoded': { schema: { type: 'object' } } }
  return {
    operationId,
    summary:
      method === 'get'
        ? 'The page behind the link in a text: to look at it changes nothing'
        : 'Opt out, or with `action=opt-in` undo that',
    security: [],
    parameters: [pathParameter('token')],
    ...(method === 'post' && { requestBody: { required: false, content: form } }),
    responses: {
      200: { description: 'The page', content: html },
      404: { description: 'A forged link', content: html },
      410: { description: 'An expired link', content: html },
      503: { description: 'The database is away: see Retry-After', content: html },
    },
  }
}
