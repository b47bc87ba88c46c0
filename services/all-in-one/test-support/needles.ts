/** A secret in every form in which it could lie somewhere. */
function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret)
  return [
    secret,
    JSON.stringify(secret).slice(1, -1),
    encodeURIComponent(secret),
    new URLSearchParams({ a: secret }).toString().slice(2),
    bytes.toString('hex'),
    bytes.toString('hex').toUpperCase(),
    Buffer.from(secret, 'utf16le').toString('hex'),
    Buffer.from(secret, 'utf16le').swap16().toString('hex').toUpperCase(),
    bytes.toString('base64').replace(/=+$/, '').slice(0, -1),
    [...secret].map((char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`).join(''),
  ]
}

/** The secrets that a text gives away, by their names. */
export function findLeaks(text: string, secrets: Readonly<Record<string, string>>): string[] {
  return Object.entries(secrets).flatMap(([name, secret]) => {
    const at = formsOf(secret)
      .map((form) => text.indexOf(form))
      .find((index) => index >= 0)
    return at === undefined ? [] : [`${name}: …${text.slice(Math.max(0, at - 80), at + 80)}…`]
  })
}
