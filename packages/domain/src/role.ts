/** What a person at the operators' page is; each may do what those before it may, and more. */
export const ROLES = ['viewer', 'operator', 'admin'] as const
export type Role = (typeof ROLES)[number]

/** Of whoever has these scopes. */
export function roleOf(scopes: readonly string[]): Role {
  if (scopes.includes('admin')) return 'admin'
  return scopes.includes('operate') ? 'operator' : 'viewer'
}

/** Numbers in full, for one request at a time. */
export function mayUnmask(scopes: readonly string[]): boolean {
  return roleOf(scopes) !== 'viewer'
}
