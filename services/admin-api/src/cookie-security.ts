import type { Request } from 'express'

/**
 * Whether a cookie is for https alone: where TLS ends at a proxy that does not say so, the page's own origin or the
 * address that people's browsers use tells. It errs towards https: no browser sends such a cookie in the clear.
 */
export function isForHttps({ secure, headers }: Request, publicUrl: string | undefined): boolean {
  return secure || isHttps(headers.origin) || isHttps(publicUrl)
}

function isHttps(url: string | undefined): boolean {
  return url !== undefined && URL.canParse(url) && new URL(url).protocol === 'https:'
}
