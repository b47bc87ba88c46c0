import { expect, test } from '@jest/globals'
import { joinOptions } from '@sms-gateway/db/join-options'

const BASE = 'postgres://sms:p%40ss@db:5432/sms'
const none = { ofEnvironment: undefined, ours: undefined }

test.each([
  BASE,
  `${BASE}?sslmode=require`,
  'postgres://sms@/sms?host=/run/postgresql',
  `${BASE}?application_name=100%25&sslrootcert=/a+b`,
])('leaves %s as it is', (url) => {
  expect(joinOptions(url, none)).toEqual({ connectionString: url, options: '' })
})

test('ours come after those of the address, and these after the environment', () => {
  const url = `${BASE}?sslmode=require&options=-c%20work_mem%3D8MB+-c%20jit=off&ssl=1`
  expect(joinOptions(url, { ofEnvironment: '-c jit=on', ours: '-c geqo=off' })).toEqual({
    connectionString: `${BASE}?sslmode=require&ssl=1`,
    options: '-c jit=on -c work_mem=8MB -c jit=off -c geqo=off',
  })
})

test('an address with nothing but options has none left, and the last of them counts', () => {
  const url = `${BASE}?options=-c%20jit=on&options=-c%20jit=off`
  expect(joinOptions(url, none)).toEqual({ connectionString: BASE, options: '-c jit=off' })
})
