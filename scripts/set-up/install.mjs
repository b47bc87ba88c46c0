import { createHash } from 'node:crypto'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { explainInstallFailure, Failure } from './failure.mjs'
import { listPackages, ROOT, STATE } from './paths.mjs'
import { run } from './run.mjs'

const PNPM = '12.21.0'
const INSTALL_LIMIT_MS = 14 * 60_000
/** Inside node_modules, so that it goes when they go. */
const STAMP = join(ROOT, 'node_modules', '.sms-gateway-install')

export function isInstalled() {
  return read(STAMP) === fingerprint() && listPackages().every(hasItsDependencies)
}

/** Exactly what the lockfile says, or an error. The stamp exists only after a whole install. */
export async function install() {
  rmSync(STAMP, { force: true })
  const wanted = fingerprint()
  const [program, ...args] = await findPnpm()
  const logFile = join(STATE, 'install.log')
  // Tools of development are choosier than what we run: on Node 23, say, they must not keep the gateway from starting.
  const lenient = '--config.engineStrict=false'
  const { code, output } = await run(program, [...args, 'install', '--frozen-lockfile', lenient], {
    logFile,
    env: installEnvironment(),
    limitMs: INSTALL_LIMIT_MS,
  })
  if (code !== 0) throw new Failure(`${explainInstallFailure(output)} (the log is ${logFile})`)
  writeFileSync(STAMP, wanted)
}

async function findPnpm() {
  const { output } = await run('pnpm', ['--version'], {
    env: { ...process.env, COREPACK_ENABLE_DOWNLOAD_PROMPT: '0' },
    limitMs: 20_000,
  })
  return /^12\.\d+\.\d+\s*$/.test(output) ? ['pnpm'] : ['npx', '--yes', `pnpm@${PNPM}`]
}

/**
 * Nobody is there to answer a question; a production machine builds with the same tools; and what the
 * npm or npx above us was told about packages is not meant for ours.
 */
function installEnvironment() {
  const unwanted =
    /^(NODE_ENV|npm_config_(omit|include|production|dev|only|package|call|global|workspaces?))$/i
  const kept = Object.entries(process.env).filter(([name]) => !unwanted.test(name))
  return { ...Object.fromEntries(kept), CI: 'true' }
}

function fingerprint() {
  const hash = createHash('sha256')
  hash.update(`${process.version.split('.')[0]} ${process.platform} ${process.arch}\n`)
  for (const name of ['pnpm-lock.yaml', 'pnpm-workspace.yaml', '.npmrc']) {
    hash.update(`${name}\n${read(join(ROOT, name)) ?? ''}\n`)
  }
  for (const { folder, text } of listPackages())
    hash.update(`${folder.slice(ROOT.length)}\n${text}\n`)
  return hash.digest('hex')
}

function hasItsDependencies({ folder, text }) {
  const { dependencies = {}, devDependencies = {} } = JSON.parse(text)
  return Object.keys({ ...dependencies, ...devDependencies }).every((name) =>
    existsSync(join(folder, 'node_modules', name)),
  )
}

function read(file) {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}
