/**
 * Every text bears the registered sender name once, in half-width-safe brackets: since 2025-11-01 carriers in Taiwan
 * silently drop company texts without it (providers.md, 8.2). A text that already bears it is left alone.
 */
export function withSenderIdentity(text: string, companyName: string): string {
  const identity = `【${companyName}】`
  return text.includes(identity) ? text : `${identity}${text}`
}
