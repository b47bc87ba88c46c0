import { createServer } from 'node:net'

/** A port that is free now, for a start with `PORT=0`: the simulators must know it before we listen. */
export async function findFreePort(host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, host, () => {
      const address = server.address()
      server.close(() => {
        if (typeof address === 'object' && address) resolve(address.port)
        else reject(new Error('no port is free'))
      })
    })
  })
}
