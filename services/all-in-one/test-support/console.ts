import { SessionResponse } from '@sms-gateway/contracts/session'
import type { Answer, Api, CallOptions } from './api.ts'

const SESSION = '/api/v1/sms/session'

/** A person at the operators' page, as their browser calls. */
export interface Console {
  session: SessionResponse
  /** `sms_session=...`, as it is sent back. */
  cookie: string
  setCookie: string
  call(path: string, options?: CallOptions): Promise<Answer>
}

export async function signIn(api: Api, apiKey: string): Promise<Console> {
  const answer = await api.call(SESSION, { key: null, body: { api_key: apiKey } })
  if (answer.status !== 200) throw new Error(`no sign-in, ${answer.status}: ${answer.text}`)
  return toConsole(api, SessionResponse.parse(answer.json), answer.headers.get('set-cookie') ?? '')
}

function toConsole(api: Api, session: SessionResponse, setCookie: string): Console {
  const [cookie = ''] = setCookie.split(';')
  return {
    session,
    cookie,
    setCookie,
    call: (path, { headers, ...options } = {}) =>
      api.call(path, {
        key: null,
        ...options,
        headers: { cookie, 'x-sms-console': '1', ...headers },
      }),
  }
}
