import { CampaignResponse } from '@sms-gateway/contracts/campaigns'
import type { Answer, Api } from './api.ts'
import { API_KEY } from './settings.ts'
import { until } from './until.ts'

const PATH = '/api/v1/sms/campaigns'

export interface Campaigns {
  post(body: Record<string, unknown>, headers?: Record<string, string>): Promise<Answer>
  /** Parts in the order given; `file` becomes the file. */
  upload(
    parts: readonly (readonly [string, string | Buffer])[],
    headers?: Record<string, string>,
  ): Promise<Answer>
  /** Refused is an error here: see `post`. */
  create(body: Record<string, unknown>): Promise<CampaignResponse>
  act(id: string, action: string, key?: string): Promise<Answer>
  find(id: string): Promise<CampaignResponse>
  untilStatus(id: string, status: string, limitMs?: number): Promise<CampaignResponse>
  until(
    id: string,
    isSo: (campaign: CampaignResponse) => boolean,
    limitMs?: number,
  ): Promise<CampaignResponse>
}

/** What somebody who runs campaigns does. */
export function createCampaigns(url: string, api: Api): Campaigns {
  const campaigns: Campaigns = {
    post: (body, headers = {}) =>
      api.call(PATH, { body: { name: 'a campaign', message_type: 'notice', ...body }, headers }),
    async upload(parts, headers = {}) {
      const form = new FormData()
      for (const [name, value] of parts) {
        if (name === 'file')
          form.append(name, new Blob([new Uint8Array(Buffer.from(value))]), 'people.csv')
        else form.append(name, String(value))
      }
      const response = await fetch(`${url}${PATH}`, {
        method: 'POST',
        body: form,
        headers: { authorization: `Bearer ${API_KEY}`, ...headers },
      })
      const text = await response.text()
      return { status: response.status, headers: response.headers, text, json: JSON.parse(text) }
    },
    async create(body) {
      return toCampaign(await campaigns.post(body), 202)
    },
    act: (id, action, key) =>
      api.call(`${PATH}/${id}/${action}`, { method: 'POST', ...(key !== undefined && { key }) }),
    async find(id) {
      return toCampaign(await api.call(`${PATH}/${id}`), 200)
    },
    untilStatus: (id, status, limitMs) =>
      campaigns.until(id, (campaign) => campaign.status === status, limitMs),
    async until(id, isSo, limitMs) {
      let last: CampaignResponse | undefined
      try {
        return await until(
          'the campaign is as expected',
          async () => {
            last = await campaigns.find(id)
            return isSo(last) && last
          },
          limitMs,
        )
      } catch (err) {
        throw new Error(`it is ${JSON.stringify(last, undefined, 1)}`, { cause: err })
      }
    },
  }
  return campaigns
}

export function toCampaign(answer: Answer, status: number): CampaignResponse {
  if (answer.status !== status) throw new Error(`answered ${answer.status}: ${answer.text}`)
  return CampaignResponse.parse(answer.json)
}
