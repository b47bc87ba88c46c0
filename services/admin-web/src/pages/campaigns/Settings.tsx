import { Anchor, SimpleGrid, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { Link } from 'react-router'
import type { CampaignResponse } from '@sms-gateway/contracts/campaigns'
import { useFormat } from '../../i18n/format.ts'
import { useWords } from '../../i18n/words.ts'
import { Section } from '../../parts/Section.tsx'
import { Time } from '../../parts/values.tsx'
import { detailWords } from './detail-words.ts'
import { words as pageWords } from './words.ts'

/** What it was made with. */
export function Settings({ campaign }: { campaign: CampaignResponse }) {
  const words = useWords(detailWords)
  const { number, share } = useFormat()
  const { canary, halt, cron, next_run_at: nextRunAt, deliver_between: hours } = campaign
  const toShare = (rate: number | null) => (rate === null ? words.none : share(rate))
  return (
    <Section title={words.settings}>
      <SimpleGrid component="dl" m={0} cols={{ base: 1, xs: 2, md: 3 }}>
        <Fact name={words.content}>
          <Content campaign={campaign} />
        </Fact>
        <Fact name={words.type}>{campaign.message_type}</Fact>
        <Fact name={words.schedule}>
          <Schedule campaign={campaign} />
        </Fact>
        {nextRunAt !== null && (
          <Fact name={words.nextRun}>
            <Time at={nextRunAt} />
          </Fact>
        )}
        {cron !== null && <Fact name={words.run}>{number(campaign.run)}</Fact>}
        <Fact name={words.hours}>{hours ?? words.none}</Fact>
        <Fact name={words.canaryLabel}>
          {canary === null
            ? words.none
            : words.canaryOf(
                number(canary.percent),
                number(canary.at_least),
                number(canary.wait_minutes),
              )}
        </Fact>
        <Fact name={words.halt}>
          {words.haltOf(
            toShare(halt.failure_rate),
            toShare(halt.opt_out_rate),
            number(halt.min_results),
          )}
        </Fact>
      </SimpleGrid>
    </Section>
  )
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <Text component="dt" size="sm" c="dimmed">
        {name}
      </Text>
      <Text component="dd" m={0} style={{ overflowWrap: 'anywhere', whiteSpace: 'pre-wrap' }}>
        {children}
      </Text>
    </div>
  )
}

function Content({
  campaign: { message, template_code: code, template_version: version },
}: {
  campaign: CampaignResponse
}) {
  const words = useWords(detailWords)
  const { number } = useFormat()
  if (code === null) return message
  return (
    <Anchor component={Link} to={`/templates/${code}`}>
      {words.template(code, number(version ?? 1))}
    </Anchor>
  )
}

function Schedule({
  campaign: { cron, schedule_at: at, time_zone: zone },
}: {
  campaign: CampaignResponse
}) {
  const words = useWords(detailWords)
  const page = useWords(pageWords)
  const { dateTimeIn } = useFormat()
  if (cron !== null) return page.again(cron, zone)
  return at === null ? words.noSchedule : words.at(dateTimeIn(at, zone), zone)
}
