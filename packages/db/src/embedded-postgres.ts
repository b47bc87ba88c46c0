import { adoptServer, createClient } from './embedded-postgres-adoption.ts'
import { findPostgresBinaries, readPostgresVersion } from './embedded-postgres-binaries.ts'
import {
  ensureCluster,
  explainFolderError,
  keepPort,
  openClusterFolder,
  readClusterVersion,
  readKeptPort,
  readPassword,
  SUPERUSER,
} from './embedded-postgres-cluster.ts'
import { claimFolder } from './embedded-postgres-owner.ts'
import type { ServerContext, Settings } from './embedded-postgres-server.ts'
import { launchServer, stopServer } from './embedded-postgres-server.ts'
import type { Report } from './embedded-postgres-user.ts'
import { choosePostgresUser, giveTo, makePassable, makeReadable } from './embedded-postgres-user.ts'

export interface EmbeddedPostgresOptions {
  /** It gets a folder `postgres` with the cluster, its password, its port and its log. */
  dataDir: string
  /** Else the port of the last time; either is only a wish, a taken one is replaced. */
  port?: number
  /** Of postgresql.conf. A server that is adopted keeps those it was started with. */
  settings?: Settings
  /** The npm package with the programs; else the newest of this platform. */
  packageName?: string
  report?: Report
}

export interface EmbeddedPostgres {
  url: string
  /** True where a server that an earlier start left behind was taken over. */
  adopted: boolean
  /** Safe to call again. */
  stop(): Promise<void>
}

const DATABASE = 'sms_gateway'

/**
 * A real PostgreSQL on 127.0.0.1, from the platform package, in a session of its own: signals to our
 * process group do not reach it, and it outlives us. The next start on the same folder takes it over.
 */
export async function startEmbeddedPostgres({
  dataDir,
  port,
  settings = {},
  packageName,
  report = () => undefined,
}: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const binaries = findPostgresBinaries(packageName)
  const paths = await openClusterFolder(dataDir)
  const folder = await claimFolder(paths.owner).catch((err: unknown) => {
    throw explainFolderError(dataDir, err)
  })
  try {
    const user = await choosePostgresUser(paths.cluster, report)
    const context = { paths, binaries, user }
    await prepareFolders(context, report)
    const version = await readPostgresVersion(binaries, user)
    const { created } = await ensureCluster(paths, binaries, user, {
      chownTo: async (path) => {
        if (user) await giveTo(user, path)
      },
      sync: settings['fsync'] !== false,
    })
    if (created) report(`made a new database in ${paths.cluster}`)
    const clusterVersion = await readClusterVersion(paths)
    if (clusterVersion !== version) {
      throw new Error(
        `the database in ${paths.cluster} is of PostgreSQL ${clusterVersion}, the embedded one is ${version}: dump it with the old one and load it into a new folder`,
      )
    }

    const password = await readPassword(paths)
    const urlOf = (at: number, database: string) =>
      `postgres://${SUPERUSER}:${password}@127.0.0.1:${at}/${database}`
    const adoptedPort = await adoptServer(context, urlOf, report)
    const actualPort =
      adoptedPort ?? (await launchServer(context, port ?? (await readKeptPort(paths)), settings))
    await keepPort(paths, actualPort)
    await ensureDatabase(urlOf(actualPort, 'postgres'))

    let stopped: Promise<void> | undefined
    const stop = () => (stopped ??= stopServer(context).finally(() => folder.release()))
    return { url: urlOf(actualPort, DATABASE), adopted: adoptedPort !== undefined, stop }
  } catch (err) {
    await folder.release()
    throw explainFolderError(dataDir, err)
  }
}

async function prepareFolders({ paths, binaries, user }: ServerContext, report: Report) {
  if (!user) return
  await giveTo(user, paths.root)
  await makePassable(paths.root, user, report)
  await makePassable(binaries.folder, user, report)
  await makeReadable(binaries.folder, binaries.postgres, report)
}

async function ensureDatabase(url: string) {
  const client = createClient(url)
  try {
    await client.connect()
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [
      DATABASE,
    ])
    if (rowCount === 0) await client.query(`create database ${DATABASE}`)
  } finally {
    await client.end().catch(() => undefined)
  }
}
