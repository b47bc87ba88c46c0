/** Why a call failed: the gateway's problem, or `unreachable` where none came back. */
export class ApiProblem extends Error {
  override name = 'ApiProblem'
  readonly status: number
  readonly code: string
  readonly fields: readonly { path: string; message: string }[]
  readonly requestId: string | null

  constructor(problem: {
    status: number
    code: string
    detail: string
    fields?: readonly { path: string; message: string }[]
    requestId?: string | null
    cause?: unknown
  }) {
    super(problem.detail, { cause: problem.cause })
    this.status = problem.status
    this.code = problem.code
    this.fields = problem.fields ?? []
    this.requestId = problem.requestId ?? null
  }
}

/** Reads an answer that is not 2xx; what is no problem+json comes from a proxy. */
export async function readProblem(res: Response): Promise<ApiProblem> {
  const body: unknown = await res.json().catch(() => null)
  const problem = isRecord(body) ? body : {}
  return new ApiProblem({
    status: res.status,
    code: textOf(problem['code']) ?? (res.status >= 500 ? 'unavailable' : 'unknown'),
    detail: textOf(problem['detail']) ?? textOf(problem['title']) ?? `HTTP ${res.status}`,
    fields: readFields(problem['errors']),
    requestId: res.headers.get('x-request-id'),
  })
}

function readFields(errors: unknown): { path: string; message: string }[] {
  if (!Array.isArray(errors)) return []
  return errors.filter(isRecord).map((error) => ({
    path: textOf(error['path']) ?? '',
    message: textOf(error['message']) ?? '',
  }))
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}
