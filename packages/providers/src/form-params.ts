/** A form as Twilio signs it: a name that comes more than once has all its values. */
export type FormParams = Readonly<Record<string, string | string[]>>

/** A name may be anything: every one becomes the form's own property, `__proto__` too. */
export function readFormParams(body: string): FormParams {
  const params = new Map<string, string | string[]>()
  for (const [name, value] of new URLSearchParams(body)) {
    const earlier = params.get(name)
    if (earlier === undefined) params.set(name, value)
    else if (Array.isArray(earlier)) earlier.push(value)
    else params.set(name, [earlier, value])
  }
  return Object.fromEntries(params)
}
