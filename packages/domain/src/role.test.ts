import { expect, test } from '@jest/globals'
import { mayUnmask, roleOf } from './role.ts'

test.each([
  [[], 'viewer', false],
  [['read', 'send', 'templates', 'privacy'], 'viewer', false],
  [['read', 'operate'], 'operator', true],
  [['admin'], 'admin', true],
  [['operate', 'admin'], 'admin', true],
])('%j is a %s', (scopes, role, unmasks) => {
  expect([roleOf(scopes), mayUnmask(scopes)]).toEqual([role, unmasks])
})
