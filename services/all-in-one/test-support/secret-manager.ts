import { once } from 'node:events'
import { createServer } from 'node:http'
import { crc32c } from '@sms-gateway/config/crc32c'
import type { CleanUp } from './clean-up.ts'

/** What the local Secret Manager has: `PROJECT/SECRET/VERSION` to a value, or how it fails. */
export type Shelf = Readonly<
  Record<string, { value: string; checksum?: number } | { fails: number; status: string } | 'hangs'>
>

/** Speaks the REST form of Google Secret Manager's `accessSecretVersion`. */
export async function startSecretManager(
  shelf: Shelf,
  cleanUp: CleanUp,
): Promise<{ url: string; asked: string[] }> {
  const asked: string[] = []
  const server = createServer((req, res) => {
    const [, project, secret, version] =
      /^\/v1\/projects\/([^/]+)\/secrets\/([^/]+)\/versions\/([^/?]+):access/.exec(req.url ?? '') ??
      []
    const name = `${project}/${secret}/${version}`
    asked.push(name)
    const found = shelf[name] ?? { fails: 404, status: 'NOT_FOUND' }
    if (found === 'hangs') return
    const answer = (status: number, body: unknown) => {
      res.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    }
    if ('fails' in found) {
      const { fails: code, status } = found
      answer(code, { error: { code, status, message: 'a long story with the-secret-itself' } })
      return
    }
    const data = Buffer.from(found.value)
    const checksum = found.checksum ?? crc32c(data)
    const payload = { data: data.toString('base64'), dataCrc32c: String(checksum) }
    answer(200, { name: `projects/${project}/secrets/${secret}/versions/1`, payload })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  cleanUp(() => {
    server.closeAllConnections()
    server.close()
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('not listening on a port')
  return { url: `http://127.0.0.1:${address.port}`, asked }
}
