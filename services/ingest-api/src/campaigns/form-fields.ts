import { CampaignForm } from '@sms-gateway/contracts/campaign-request'
import { parseRequest } from '@sms-gateway/service-kit/problem'

const AS_JSON = new Set(['canary', 'halt', 'column_map', 'draft', 'missed_after_seconds'])

/** A form knows only texts: what is no text in JSON is written as JSON in its field. */
export function readFormFields(fields: Readonly<Record<string, string>>): CampaignForm {
  const values = Object.entries(fields).map(([name, text]): [string, unknown] => [
    name,
    AS_JSON.has(name) ? readJson(text) : text,
  ])
  return parseRequest(CampaignForm, Object.fromEntries(values))
}

/** What is no JSON stays a text, which the schema then refuses by its name. */
function readJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
