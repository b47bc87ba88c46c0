import { expect, test } from '@jest/globals'
import { mayUnmask, readClaim, roleOf, roleOfClaim, SCOPES_OF_ROLE } from './role.ts'

test.each([
  [[], 'viewer', false],
  [['read', 'send', 'templates', 'privacy'], 'viewer', false],
  [['read', 'operate'], 'operator', true],
  [['admin'], 'admin', true],
  [['operate', 'admin'], 'admin', true],
])('%j is a %s', (scopes, role, unmasks) => {
  expect([roleOf(scopes), mayUnmask(scopes)]).toEqual([role, unmasks])
})

test.each(['viewer', 'operator', 'admin'] as const)('who is made a %s is one', (role) => {
  expect(roleOf(SCOPES_OF_ROLE[role])).toBe(role)
})

test.each([
  ['staff', 'viewer'],
  [['x', 'staff', 'ops'], 'operator'],
  [['boss', 'staff'], 'admin'],
  [['Staff', 'x', 7, null, { staff: true }], undefined],
  [undefined, undefined],
  [{ staff: 'staff' }, undefined],
])('a claim of %j gives the role %s', (claim, role) => {
  expect(roleOfClaim(claim, { viewer: ['staff'], operator: ['ops'], admin: ['boss'] })).toBe(role)
})

test('a claim is found by its name, dots and all, or by its path', () => {
  const claims = { roles: ['a'], 'https://x.example/roles': ['b'], realm: { roles: ['c'] } }
  expect(readClaim(claims, 'roles')).toEqual(['a'])
  expect(readClaim(claims, 'https://x.example/roles')).toEqual(['b'])
  expect(readClaim(claims, 'realm.roles')).toEqual(['c'])
  for (const name of ['realm.x.y', 'x', '__proto__', 'constructor.name', 'roles.length']) {
    expect(readClaim(claims, name)).toBeUndefined()
  }
})
