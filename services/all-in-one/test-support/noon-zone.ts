/** A zone in which it is about noon: today is the same day until a test is over, at whatever hour it runs. */
export function noonZone(): string {
  const offset = 12 - new Date().getUTCHours()
  // POSIX counts to the west.
  return `Etc/GMT${offset > 0 ? '-' : '+'}${Math.abs(offset)}`
}
