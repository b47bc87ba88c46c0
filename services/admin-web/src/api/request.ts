import { ApiProblem, readProblem } from './problem.ts'

const BASE = '/api/v1/sms'
const LIMIT_MS = 35_000

/** What is undefined or empty is left out. */
export type Query = Readonly<Record<string, string | number | boolean | null | undefined>>

export interface RequestOptions {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  query?: Query
  /** JSON; a form or a file goes as it is. */
  body?: unknown
  signal?: AbortSignal
  /** Asks for whole numbers; it needs operator or admin, and is written to the audit. */
  unmask?: boolean
  headers?: Readonly<Record<string, string>>
  /** An upload may take longer. */
  limitMs?: number
}

/** Calls `/api/v1/sms` + path with the session's cookie; rejects with an {@link ApiProblem}. */
export async function request<T>(path: string, options: RequestOptions = {}): Promise<T> {
  const res = await send(path, options)
  if (!res.ok) throw await readProblem(res)
  const body: unknown = res.status === 204 ? undefined : await res.json()
  // eslint-disable-next-line @typescript-eslint/consistent-type-assertions -- the server's tests hold its answers to the contract; to parse them again here would cost zod's weight
  return body as T
}

/** What is no JSON: a file to be saved. */
export async function requestFile(path: string, options: RequestOptions = {}): Promise<Blob> {
  const res = await send(path, options)
  if (!res.ok) throw await readProblem(res)
  return res.blob()
}

export function toPath(path: string, query: Query = {}): string {
  const params = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== null && value !== '') params.set(name, String(value))
  }
  const text = params.toString()
  return BASE + path + (text && `?${text}`)
}

async function send(path: string, options: RequestOptions): Promise<Response> {
  const { method = 'GET', query, body, signal, unmask, limitMs = LIMIT_MS } = options
  const limit = AbortSignal.timeout(limitMs)
  const isRaw = body instanceof FormData || body instanceof Blob
  try {
    return await fetch(toPath(path, query), {
      method,
      credentials: 'same-origin',
      headers: {
        accept: 'application/json',
        // A page of another origin cannot set it: see decision 0028.
        ...(method !== 'GET' && { 'X-SMS-Console': '1' }),
        ...(unmask && { 'X-Unmask': 'phone' }),
        ...(body !== undefined && !isRaw && { 'content-type': 'application/json' }),
        ...options.headers,
      },
      ...(body !== undefined && { body: isRaw ? body : JSON.stringify(body) }),
      signal: signal ? AbortSignal.any([signal, limit]) : limit,
    })
  } catch (cause) {
    if (signal?.aborted) throw cause
    const detail = 'The gateway does not answer.'
    throw new ApiProblem({ status: 0, code: 'unreachable', detail, cause })
  }
}
