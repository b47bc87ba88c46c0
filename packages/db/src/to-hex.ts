/** As PostgreSQL's JSON functions read bytea. */
export function toHex(bytes: Buffer): string {
  return `\\x${bytes.toString('hex')}`
}
