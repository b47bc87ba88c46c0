/** What is asked, each with several values so that no answer is only remembered. */
export interface FigureQuery {
  name: string
  key: 'main' | 'small' | 'admin'
  paths: readonly string[]
}

const LOGS = '/api/v1/sms/logs'
const STATS = '/api/v1/sms/stats'
const VARIATIONS = 20
const GROUPS = [
  'day',
  'hour',
  'provider',
  'message_type',
  'template',
  'variant',
  'campaign',
] as const

/** `phones` have messages; `days` are those of the set. */
export function listQueries(
  count: number,
  { phones, days }: { phones: readonly string[]; days: readonly string[] },
): FigureQuery[] {
  const logs = (name: string, query: string, key: FigureQuery['key'] = 'main') => ({
    name: `logs: ${name}`,
    key,
    paths: [`${LOGS}?${query}`],
  })
  const each = (name: string, toQuery: (index: number) => string) => ({
    name: `logs: ${name}`,
    key: 'main' as const,
    paths: Array.from({ length: VARIATIONS }, (_, index) => `${LOGS}?${toQuery(index)}`),
  })
  return [
    logs('newest', ''),
    logs('newest of all clients', '', 'admin'),
    logs('newest of a small client', '', 'small'),
    each('a day', (index) => oneDay(days, index)),
    logs('status, 93 in 100', 'status=delivered'),
    logs('status, 2 in 100', 'status=failed'),
    logs('status, none', 'status=cancelled'),
    logs('provider, nearly all', 'provider=twilio'),
    logs('provider, 1 in 50,000', 'provider=chunghwa'),
    each('phone', (index) => `phone=${phones[index % phones.length] ?? ''}`),
    logs('message type, 1 in 2', 'message_type=order_confirmation'),
    logs('message type, 1 in 50,000', 'message_type=emergency'),
    logs('template, 1 in 50,000', 'template_code=rare_template'),
    each('customer', (index) => `customer_id=C-${index * 60}`),
    each('campaign', (index) => `campaign_id=${toUuid('8000', index)}`),
    each('batch', (index) => `batch_id=${toUuid('9000', Math.floor((index * count) / 20_000))}`),
    logs('in doubt, 1 in 50,000', 'in_doubt=true'),
    each(
      'type, status and day',
      (index) => `message_type=otp&status=failed&${oneDay(days, index)}`,
    ),
    ...GROUPS.map((group) => ({
      name: `stats: 30 days by ${group}`,
      key: 'main' as const,
      paths: [`${STATS}?group_by=${group}`],
    })),
    { name: 'stats: 30 days by customer', key: 'main', paths: [`${STATS}?group_by=customer`] },
    { name: 'stats: 30 days, all clients', key: 'admin', paths: [`${STATS}?group_by=day`] },
  ]
}

function oneDay(days: readonly string[], index: number): string {
  const day = days[index % days.length] ?? ''
  return `start_date=${day}&end_date=${day}`
}

/** As `figures-data.ts` makes them. */
function toUuid(kind: '8000' | '9000', index: number): string {
  return `00000000-0000-4000-${kind}-${String(index).padStart(12, '0')}`
}
