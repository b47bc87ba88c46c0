import { expect, test } from '@jest/globals'
import { guessMapping, keepChoices, toColumnMap, valuesOf } from './mapping.ts'

const headers = ['手機號碼', 'Order ID', '姓名', 'eta', '客戶編號']

test('columns are guessed by what the gateway knows and by the names of the values', () => {
  expect(guessMapping(headers, ['order_id', 'eta', 'amount', 'name'])).toEqual({
    phone: '手機號碼',
    customer_id: '客戶編號',
    order_id: 'Order ID',
    eta: 'eta',
    amount: null,
    name: '姓名',
  })
})

test('a header that says it exactly comes before one that is only like it', () => {
  expect(guessMapping(['mobile', 'phone'], [])).toMatchObject({ phone: 'phone' })
})

test('what somebody chose stays, as long as its column is there', () => {
  const guess = guessMapping(headers, ['eta'])
  expect(keepChoices(guess, { phone: '姓名', eta: null, customer_id: 'gone' }, headers)).toEqual({
    phone: '姓名',
    eta: null,
    customer_id: '客戶編號',
  })
})

test('the map of the upload has what is chosen, and a row the values of it', () => {
  const mapping = { phone: '手機號碼', eta: 'eta', customer_id: null }
  expect(toColumnMap(mapping)).toEqual({ phone: '手機號碼', eta: 'eta' })
  expect(valuesOf(headers, ['0912345678', 'A1', '王', '14:30'], mapping)).toEqual({
    phone: '0912345678',
    eta: '14:30',
  })
})
