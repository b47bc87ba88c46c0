import { fc, test as property } from '@fast-check/jest'
import { describe, expect, test } from '@jest/globals'
import { parsePhone, Phone, readPhone, toLocalTaiwan } from './phone.ts'

const TAIWAN = ['TW']

describe('a Taiwan mobile number', () => {
  test.each([
    '0912345678',
    '0912-345-678',
    '0912 345 678',
    ' 0912345678\n',
    '(0912)345678',
    '0912.345.678',
    '０９１２３４５６７８',
    '（０９１２）３４５－６７８',
    '0912\u3000345\u00a0678',
    '0912\u2011345\u2013678',
    '\u202a0912345678\u202c',
    '+886912345678',
    '＋886 912 345 678',
    '886912345678',
    '+8860912345678',
    '8860912345678',
    '+886 (0)912-345-678',
  ])('is read from %j', (input) => {
    expect(parsePhone(input, TAIWAN)).toEqual({
      kind: 'ok',
      phone: '+886912345678',
      country: 'TW',
    })
  })

  test('is refused where Taiwan is not allowed', () => {
    expect(parsePhone('0912345678', ['US'])).toMatchObject({ code: 'country-not-allowed' })
    expect(parsePhone('0912345678', [])).toMatchObject({ code: 'country-not-allowed' })
  })

  property.prop([
    fc.stringMatching(/^\d{8}$/),
    fc.constantFrom('09', '+8869', '8869', '+88609'),
    fc.array(fc.constantFrom('', ' ', '-', '.', '(', ')'), { minLength: 14, maxLength: 14 }),
  ])('is the same number however it is punctuated', (rest, prefix, separators) => {
    const input = [...`${prefix}${rest}`].map((char, at) => char + (separators[at] ?? '')).join('')
    const expected = { kind: 'ok', phone: `+8869${rest}`, country: 'TW' }
    expect(parsePhone(input, TAIWAN)).toEqual(expected)
  })
})

describe('a refused number', () => {
  test.each([
    { input: '', says: /empty/ },
    { input: ' - ', says: /empty/ },
    { input: '(02) 2345-6789', says: /landline/ },
    { input: '+886223456789', says: /landline/ },
    { input: '0800-123-456', says: /landline or service/ },
    { input: '037-123456', says: /landline/ },
    { input: '091234567', says: /09 and eight digits/ },
    { input: '09123456789', says: /09 and eight digits/ },
    { input: '+88691234567', says: /09 and eight digits/ },
    { input: '912345678', says: /leading 0 is missing/ },
    { input: '00886912345678', says: /dialling prefix/ },
    { input: '14155552671', says: /with \+ and its country code/ },
    { input: '0912345678a', says: /digits, blanks, dashes/ },
    { input: '0912345678,0912345679', says: /digits, blanks, dashes/ },
    { input: '0912+345678', says: /digits, blanks, dashes/ },
    { input: '++886912345678', says: /digits, blanks, dashes/ },
    { input: '091234567①', says: /digits, blanks, dashes/ },
    { input: '٠٩١٢٣٤٥٦٧٨', says: /digits, blanks, dashes/ },
    { input: `0912345678${' '.repeat(31)}`, says: /at most 40/ },
    { input: '+', says: /digits, blanks, dashes/ },
    { input: '+1', says: /country code/ },
    { input: '+0912345678', says: /country code/ },
    { input: '+999123456789', says: /country code/ },
    { input: '+442071234567', says: /mobile number/ },
    { input: '+12345', says: /mobile number/ },
  ])('$input is invalid, and the detail says why', ({ input, says }) => {
    const result = parsePhone(input, ['TW', 'US', 'GB'])
    expect(result).toMatchObject({ kind: 'refused', code: 'phone-invalid' })
    expect(result.kind === 'refused' && result.detail).toMatch(says)
  })

  property.prop([
    fc.oneof(
      fc.string({ maxLength: 60 }),
      fc.stringMatching(/^[+0-9 ()-]{0,20}$/),
      fc.stringMatching(/^\+[1-9]\d{6,14}$/),
    ),
  ])('whatever comes in, a phone is E.164 and a detail holds no digits of it', (input) => {
    const result = parsePhone(input, TAIWAN)
    if (result.kind === 'ok') {
      expect(result.phone).toMatch(/^\+8869\d{8}$/)
    } else {
      const runs = input.match(/\d{4,}/g) ?? []
      expect(runs.filter((run) => result.detail.includes(run))).toEqual([])
    }
  })
})

describe('a foreign number', () => {
  test.each([
    { input: '+1 (415) 555-2671', phone: '+14155552671', country: 'US' },
    { input: '+86 138 1234 5678', phone: '+8613812345678', country: 'CN' },
    { input: '+81 90-1234-5678', phone: '+819012345678', country: 'JP' },
    { input: '+852 5123 4567', phone: '+85251234567', country: 'HK' },
    { input: '+15005550006', phone: '+15005550006', country: 'US' },
    { input: '+15005550001', phone: '+15005550001', country: 'US' },
  ])('$input is of $country', ({ input, phone, country }) => {
    expect(parsePhone(input, ['TW', country])).toEqual({ kind: 'ok', phone, country })
    expect(parsePhone(input, TAIWAN)).toMatchObject({ code: 'country-not-allowed' })
  })

  test('of no single country is never allowed', () => {
    expect(parsePhone('+88216123456', TAIWAN)).toMatchObject({ code: 'country-not-allowed' })
  })
})

describe('forms', () => {
  const taiwan = Phone.parse('+886912345678')
  const american = Phone.parse('+14155552671')

  test('Taiwan carriers take the local form, foreign numbers stay as they are', () => {
    expect(toLocalTaiwan(taiwan)).toBe('0912345678')
    expect(toLocalTaiwan(american)).toBe('+14155552671')
  })

  test.each(['0912345678', '+0912345678', '+123456', '+1234567890123456', '+886912345678 ', ''])(
    'the schema refuses %j',
    (text) => {
      expect(Phone.safeParse(text).success).toBe(false)
    },
  )
})

describe('readPhone', () => {
  test.each(['+886912345678', '886912345678', '0912345678', ' 0912-345-678 '])(
    'reads %s',
    (text) => {
      expect(readPhone(text)).toBe('+886912345678')
    },
  )

  test('reads a foreign number in E.164', () => {
    expect(readPhone('+14155550100')).toBe('+14155550100')
  })

  test.each([undefined, '', '48', 'LUCKYGAS', 'whatsapp:+886912345678', '9'.repeat(100)])(
    'knows %s for none',
    (text) => {
      expect(readPhone(text)).toBeNull()
    },
  )
})
