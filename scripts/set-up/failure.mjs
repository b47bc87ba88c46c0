/** What a user can act on: it is shown as its one line, without a stack. */
export class Failure extends Error {
  name = 'Failure'
}

const CAUSES = [
  [
    /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|META_FETCH_FAIL|network/i,
    'the package registry cannot be reached: check the network (or the proxy), then run the command again',
  ],
  [
    /UNABLE_TO_(GET_ISSUER|VERIFY)|SELF_SIGNED_CERT|CERT_/i,
    "the package registry's certificate is not trusted: set NODE_EXTRA_CA_CERTS to the file of your proxy's certificate",
  ],
  [/ENOSPC|no space left/i, 'the disk is full: free about 1 GB, then run the command again'],
  [
    /EACCES|EPERM|EROFS|permission denied/i,
    'a folder cannot be written: run as the owner of this folder and of your home folder',
  ],
  [
    /OUTDATED_LOCKFILE|LOCKFILE_CONFIG_MISMATCH/,
    'pnpm-lock.yaml does not fit a package.json: run `npx pnpm@12.21.0 install` and commit what it changes',
  ],
  [
    /UNSUPPORTED_ENGINE/,
    'a dependency refuses this version of Node: use 20.19, 22.13, 24 or newer',
  ],
  [/IGNORED_BUILDS/, 'a dependency wants to run an install script: name it in pnpm-workspace.yaml'],
]

/** @param {string} output @returns {string} */
export function explainInstallFailure(output) {
  const known = CAUSES.find(([pattern]) => pattern.test(output))
  if (known) return known[1]
  const lines = output.split('\n').map((line) => line.trim())
  return lines.findLast((line) => /ERR|error/i.test(line)) ?? lines.findLast(Boolean) ?? 'no output'
}
