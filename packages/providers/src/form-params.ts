/** A form as Twilio signs it: a name that comes more than once has all its values. */
export type FormParams = Readonly<Record<string, string | string[]>>

/** Without a prototype, so that no name of a field means anything to JavaScript. */
export function readFormParams(body: string): FormParams {
  const params: Record<string, string | string[]> = Object.create(null)
  for (const [name, value] of new URLSearchParams(body)) {
    const earlier = params[name]
    if (earlier === undefined) params[name] = value
    else params[name] = Array.isArray(earlier) ? [...earlier, value] : [earlier, value]
  }
  return params
}
