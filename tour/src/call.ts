const LIMIT_MS = 30_000

export type Call = (method: string, path: string, body?: unknown) => Promise<Answer>

export type Answer = Record<string, unknown>

/** Calls the API with a key; what is refused is an error that says why. */
export function createCall(url: string, apiKey: string): Call {
  return async (method, path, body) => {
    const isForm = body instanceof FormData
    const response = await fetch(`${url}/api/v1/sms${path}`, {
      method,
      headers: {
        authorization: `Bearer ${apiKey}`,
        ...(body !== undefined && !isForm && { 'content-type': 'application/json' }),
      },
      signal: AbortSignal.timeout(LIMIT_MS),
      ...(body !== undefined && { body: isForm ? body : JSON.stringify(body) }),
    })
    const text = await response.text()
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`)
    // eslint-disable-next-line @typescript-eslint/consistent-type-assertions -- the API answers objects, which its own tests hold
    return text === '' ? {} : (JSON.parse(text) as Answer)
  }
}
