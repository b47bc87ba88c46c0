/** Top-level domains that make a bare word a link on handsets; any other needs a scheme, `www.` or a slash. */
const COMMON_TLDS =
  'com|net|org|edu|gov|info|biz|tw|cn|hk|jp|io|cc|me|co|tv|app|dev|link|shop|site|online|store|top|xyz|vip|club|live|page|ly|gl|gd|gg|ai'
const URL_CHARACTERS = String.raw`[\w\-.~:/?#[\]@!$&'()*+,;=%]`
const HOST = String.raw`(?:[a-z\d-]{1,63}\.){1,10}`

const PORT = String.raw`(?::\d{1,5})?`

/** Bare host names are not looked for inside an e-mail address or a longer word. */
const LINK = new RegExp(
  [
    `https?://${URL_CHARACTERS}*`,
    String.raw`(?<![\w@.-])www\.${URL_CHARACTERS}+`,
    String.raw`(?<![\w@.-])${HOST}[a-z]{2,24}${PORT}/${URL_CHARACTERS}*`,
    String.raw`(?<![\w@.-])${HOST}(?:${COMMON_TLDS})(?![\w@-])${PORT}(?:[?#]${URL_CHARACTERS}*)?`,
  ].join('|'),
  'gi',
)
const TRAILING_PUNCTUATION = '.,;:!?\'")]'

/** Taiwan's numbers (nine or ten digits from the trunk zero) and international ones, one or two separators between digits. */
const PHONE_NUMBER =
  /(?<!\d)(?:\(?0[2-9](?:[ .()-]{0,2}\d){7,8}|(?:\+[1-9]|886)(?:[ .()-]{0,2}\d){7,14})(?!\d)/g

/** `rest` is the text without its links, so that digits in a path are not taken for a phone number. */
export function findLinks(text: string): { links: string[]; rest: string } {
  const links: string[] = []
  const rest = text.replace(LINK, (link) => {
    links.push(withoutTrailingPunctuation(link))
    return '\n'
  })
  return { links, rest }
}

/** A loop, because `[...]+$` takes quadratic time on a long run of such characters. */
function withoutTrailingPunctuation(link: string): string {
  let end = link.length
  while (end > 0 && TRAILING_PUNCTUATION.includes(link.charAt(end - 1))) end--
  return link.slice(0, end)
}

export function findPhoneNumbers(text: string): string[] {
  return text.match(PHONE_NUMBER) ?? []
}

/** A registered URL covers itself and what lies under it, on exactly its host; http and https are the same. */
export function isRegisteredLink(link: string, registered: readonly string[]): boolean {
  const address = readAddress(link)
  if (address === undefined) return false
  return registered.some((entry) => {
    const base = readAddress(entry)
    return base?.host === address.host && isUnder(address.path, base.path)
  })
}

export function isRegisteredNumber(number: string, registered: readonly string[]): boolean {
  const digits = toDigits(number)
  return registered.some((entry) => toDigits(entry) === digits)
}

interface Address {
  host: string
  path: string
}

/** The URL parser decides what the host really is: `https://ours.tw@evil.com` and `/pay/../x` do not fool it. */
function readAddress(link: string): Address | undefined {
  const withScheme = /^https?:\/\//i.test(link) ? link : `http://${link}`
  if (!URL.canParse(withScheme)) return undefined
  const { host, pathname, search, hash } = new URL(withScheme)
  return { host, path: `${pathname}${search}${hash}`.replace(/\/$/, '') }
}

function isUnder(path: string, base: string): boolean {
  return path === base || (path.startsWith(base) && /^[/?#]/.test(path.slice(base.length)))
}

/** `+886 2 2345-6789`, `886223456789` and `(02) 2345 6789` are the same number. */
function toDigits(number: string): string {
  return number.replace(/\D/g, '').replace(/^8860?/, '0')
}
