import { describe, expect, test } from '@jest/globals'
import { checkCallbackUrl } from './check-callback-url.ts'

const check = (url: string, ...allowed: string[]) => checkCallbackUrl(url, allowed)

describe('a URL', () => {
  test.each([
    'https://producer.example.tw/sms-events',
    'https://producer.example.tw',
    'https://producer.example.tw:8443/a?token=x',
    'https://8.8.8.8/x',
    'https://[2606:4700:4700::1111]/',
    'https://幸福.example.tw/回報',
  ])('is taken: %s', (url) => {
    expect(check(url)).toEqual({ kind: 'ok', url: new URL(url).href })
  })

  test.each([
    ['no URL', 'producer.example.tw'],
    ['nothing', ''],
    ['http', 'http://producer.example.tw/'],
    ['another scheme', 'ftp://producer.example.tw/'],
    ['a file', 'file:///etc/passwd'],
    ['JavaScript', 'javascript:alert(1)'],
    ['credentials', 'https://user:pass@producer.example.tw/'],
    ['a user', 'https://user@producer.example.tw/'],
    ['a host behind an @', 'https://producer.example.tw@127.0.0.1/'],
    ['a fragment', 'https://producer.example.tw/#x'],
    ['a port of a service', 'https://producer.example.tw:22/'],
    ['the port of http', 'https://producer.example.tw:80/'],
    ['more than 1000 characters', `https://producer.example.tw/${'x'.repeat(980)}`],
    ['localhost', 'https://localhost/'],
    ['a name under localhost', 'https://a.localhost/'],
    ['a name of one part', 'https://receiver/'],
    ['a name of one part with a dot', 'https://receiver./'],
    ['a name of the inside', 'https://metadata.google.internal/'],
    ['a name of the inside, with the dot of the root', 'https://metadata.google.internal./'],
    ['a name of the local link', 'https://printer.local/'],
    ['loopback', 'https://127.0.0.1/'],
    ['loopback in short', 'https://127.1/'],
    ['loopback as a number', 'https://2130706433/'],
    ['loopback in hex', 'https://0x7f000001/'],
    ['loopback in octal', 'https://0177.0.0.1/'],
    ['loopback in full width', 'https://１２７.0.0.1/'],
    ['IPv6 loopback', 'https://[::1]/'],
    ['IPv4-mapped loopback', 'https://[::ffff:127.0.0.1]/'],
    ['a private address', 'https://192.168.1.1/'],
    ['the metadata', 'https://169.254.169.254/latest/meta-data/'],
    ['zero', 'https://0/'],
  ])('is refused with %s: %s', (_what, url) => {
    expect(check(url).kind).toBe('refused')
  })

  test('says why it is refused without repeating it', () => {
    const secret = 'https://user:hunter22@producer.example.tw/'
    const result = check(secret)
    expect(JSON.stringify(result)).not.toMatch(/hunter22|producer/)
  })
})

describe('a host that the operators trust', () => {
  test.each([
    ['http://127.0.0.1:8080/x', '127.0.0.1'],
    ['http://[::1]:8080/x', '::1'],
    ['http://[::1]:8080/x', '[::1]'],
    ['https://receiver/', 'receiver'],
    ['https://RECEIVER./', 'receiver'],
    ['http://hooks.intern.example:80/', 'hooks.intern.example'],
    ['http://a.b.intern.example/', '*.intern.example'],
  ])('may be inside, without TLS and on any port: %s by %s', (url, host) => {
    expect(check(url, host).kind).toBe('ok')
  })

  test.each([
    ['another address', 'http://127.0.0.2/', '127.0.0.1'],
    ['a name that ends the same', 'http://evilreceiver.example/', 'receiver.example'],
    ['a name that begins the same', 'http://receiver.example.evil.tw/', 'receiver.example'],
    ['the name above a star', 'http://intern.example/', '*.intern.example'],
    ['the metadata, trusted or not', 'http://169.254.169.254/', '169.254.169.254'],
    ['credentials, trusted or not', 'http://a:b@127.0.0.1/', '127.0.0.1'],
  ])('is not %s: %s by %s', (_what, url, host) => {
    expect(check(url, host).kind).toBe('refused')
  })
})
