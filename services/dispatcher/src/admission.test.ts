import { expect, test } from '@jest/globals'
import { createAdmission } from './admission.ts'

test('lets in as many messages as fit, and the rest in their order', async () => {
  const admission = createAdmission(100)
  const entered: string[] = []
  const enter = async (name: string, count: number) => {
    const leave = await admission.enter(count)
    entered.push(name)
    return leave
  }
  const leaveFirst = await enter('first', 60)
  const second = enter('second', 60)
  const third = enter('third', 10)
  await Promise.resolve()
  expect(entered).toEqual(['first'])
  leaveFirst()
  leaveFirst()
  const leaves = await Promise.all([second, third])
  expect(entered).toEqual(['first', 'second', 'third'])
  for (const leave of leaves) leave()
})

test('lets in a batch over the bound when it is alone: it must go some time', async () => {
  const admission = createAdmission(10)
  const leave = await admission.enter(100)
  leave()
  await expect(admission.enter(5)).resolves.toBeDefined()
})
