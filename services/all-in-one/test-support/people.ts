let count = 0

/** A number that nobody else in this file has, in Taiwan's own form and in E.164. */
export function newPhone(): { local: string; e164: string } {
  count += 1
  const subscriber = `912${String(100_000 + count)}`
  return { local: `0${subscriber}`, e164: `+886${subscriber}` }
}

/** A text that nobody else in this file sends. */
export function newText(): string {
  count += 1
  return `瓦斯訂單 ${count} 已確認`
}
