import { Anchor, Code } from '@mantine/core'
import { Link } from 'react-router'
import type { MessageResponse } from '@sms-gateway/contracts/message-response'
import { request } from '../../api/request.ts'
import { useFormat } from '../../i18n/format.ts'
import { useWords } from '../../i18n/words.ts'
import { Facts } from '../../parts/Facts.tsx'
import { useHoldReason } from '../../parts/hold-words.ts'
import { PhoneNumber } from '../../parts/PhoneNumber.tsx'
import { Dash, Money, Time } from '../../parts/values.tsx'
import { messageWords } from './message-words.ts'
import { words as pageWords } from './words.ts'

export function Details({ message }: { message: MessageResponse }) {
  const words = useWords(messageWords)
  const page = useWords(pageWords)
  const { number } = useFormat()
  const toReason = useHoldReason()
  const { template_code: template, variant, metadata } = message
  const reveal = async () => {
    const whole = await request<MessageResponse>(`/messages/${message.id}`, { unmask: true })
    return whole.phone
  }
  return (
    <Facts
      facts={[
        [page.phone, <PhoneNumber key="phone" phone={message.phone} reveal={reveal} />],
        [page.type, message.message_type],
        message.customer_id === null
          ? null
          : [page.customer, <Filtered key="c" name="customer_id" value={message.customer_id} />],
        template === null
          ? null
          : [page.template, variant === null ? template : `${template} · ${variant}`],
        [page.provider, message.provider ?? <Dash />],
        message.provider_message_id === null
          ? null
          : [words.reference, <Mono key="reference">{message.provider_message_id}</Mono>],
        [words.priority, message.priority],
        [page.segments, `${number(message.segments)} · ${message.encoding}`],
        [page.cost, <Money key="cost" {...message.cost} />],
        [page.created, <Time key="created" at={message.created_at} />],
        message.schedule_at === null
          ? null
          : [words.scheduledAt, <Time key="schedule" at={message.schedule_at} />],
        message.not_before === null
          ? null
          : [words.notBefore, <Time key="before" at={message.not_before} />],
        message.hold_reason === null ? null : [words.waitsFor, toReason(message.hold_reason)],
        [words.expires, <Time key="expires" at={message.expires_at} />],
        [words.updated, <Time key="updated" at={message.updated_at} />],
        message.campaign_id === null
          ? null
          : [page.campaign, <Filtered key="g" name="campaign_id" value={message.campaign_id} />],
        message.batch_id === null
          ? null
          : [page.batch, <Filtered key="b" name="batch_id" value={message.batch_id} />],
        message.media_urls.length === 0 ? null : [words.media, message.media_urls.join(' ')],
        metadata === null
          ? null
          : [
              words.metadata,
              <Code key="metadata" block>
                {JSON.stringify(metadata, null, 2)}
              </Code>,
            ],
      ]}
    />
  )
}

/** Leads to all messages that share it. */
function Filtered({ name, value }: { name: string; value: string }) {
  const search = new URLSearchParams({ [name]: value }).toString()
  return (
    <Anchor component={Link} to={`/messages?${search}`} inherit className="mono">
      {value}
    </Anchor>
  )
}

function Mono({ children }: { children: string }) {
  return <span className="mono">{children}</span>
}
