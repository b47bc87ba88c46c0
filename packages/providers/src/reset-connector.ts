import type { Socket } from 'node:net'
import { buildConnector } from 'undici'

/**
 * Connections that end in a reset where they end in an error. A plain close leaves what was written to the kernel,
 * which goes on offering it for a minute or more: a provider that was out of reach would take a request long after
 * it was given up, asked about, and sent again. A reset throws it away (tcp(7), SO_LINGER).
 */
export function createResetConnector(
  options: buildConnector.BuildOptions,
): buildConnector.connector {
  const connect = buildConnector(options)
  return (target, callback) => {
    const { protocol } = target
    // TLS hides the socket under it, so that one is made first.
    const plain: buildConnector.Options = { ...target, protocol: 'http:', port: toPort(target) }
    connect(plain, (error, socket) => {
      if (error !== null) callback(error, null)
      else if (protocol === 'https:') {
        connect({ ...target, httpSocket: socket }, (failure, secured) => {
          if (failure !== null) callback(failure, null)
          else callback(null, resetOnError(secured, socket))
        })
      } else callback(null, resetOnError(socket, socket))
    })
  }
}

function toPort({ port, protocol }: buildConnector.Options): string {
  if (port !== '') return port
  return protocol === 'https:' ? '443' : '80'
}

function resetOnError<Connection extends Socket>(connection: Connection, tcp: Socket): Connection {
  const destroy = connection.destroy.bind(connection)
  connection.destroy = (error) => {
    connection.destroy = destroy
    if (error === undefined) return destroy()
    tcp.resetAndDestroy()
    return connection
  }
  return connection
}
