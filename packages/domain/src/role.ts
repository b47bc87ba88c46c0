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

/** What a person may do who has signed in as a member of the company, and not by a key. */
export const SCOPES_OF_ROLE: Readonly<Record<Role, readonly string[]>> = {
  viewer: ['read'],
  operator: ['send', 'read', 'templates', 'operate'],
  admin: ['send', 'read', 'templates', 'operate', 'privacy', 'admin'],
}

/** For each role, the values of the claim that give it. */
export type RoleValues = Readonly<Record<Role, readonly string[]>>

/** The highest role that the claim gives; `undefined` where it gives none. */
export function roleOfClaim(claim: unknown, values: RoleValues): Role | undefined {
  const given: readonly unknown[] = Array.isArray(claim) ? claim : [claim]
  return ROLES.toReversed().find((role) =>
    given.some((value) => typeof value === 'string' && values[role].includes(value)),
  )
}

/** A claim by its name, or by its path where it lies deeper: `realm_access.roles`. */
export function readClaim(claims: Readonly<Record<string, unknown>>, name: string): unknown {
  if (Object.hasOwn(claims, name)) return claims[name]
  return name.split('.').reduce<unknown>((value, step) => {
    if (typeof value !== 'object' || value === null) return undefined
    return Object.entries(value).find(([key]) => key === step)?.[1]
  }, claims)
}
