import { Grid, Group, Stack, Text } from '@mantine/core'
import { useParams } from 'react-router'
import type { MessageResponse } from '@sms-gateway/contracts/message-response'
import { ApiProblem } from '../../api/problem.ts'
import { useWords } from '../../i18n/words.ts'
import { BackLink } from '../../parts/BackLink.tsx'
import { useCause } from '../../parts/causes.ts'
import { PageHeader } from '../../parts/PageHeader.tsx'
import { useWarning } from '../../parts/reasons.tsx'
import { Section } from '../../parts/Section.tsx'
import { Empty, Failure, Loading } from '../../parts/states.tsx'
import { Mark, StatusBadge } from '../../parts/StatusBadge.tsx'
import { common } from '../../parts/words.ts'
import { Actions } from './Actions.tsx'
import { Attempts } from './Attempts.tsx'
import { Callbacks } from './Callbacks.tsx'
import { Details } from './Details.tsx'
import { messageWords } from './message-words.ts'
import { Receipts } from './Receipts.tsx'
import { Timeline } from './Timeline.tsx'
import { useMessage } from './use-message.ts'
import { words as pageWords } from './words.ts'

/** One message: its life as it goes on, and all that was done for it. */
export function MessageView() {
  const words = useWords(messageWords)
  const { id = '' } = useParams()
  const { message, traces, live, readAgain } = useMessage(id)
  const { data } = message
  const isMissing = message.error instanceof ApiProblem && message.error.status === 404
  return (
    <>
      <BackLink>{words.backToList}</BackLink>
      <PageHeader
        title={words.message}
        description={data && <Summary message={data} />}
        actions={data && <Actions message={data} onDone={readAgain} />}
      />
      {isMissing ? (
        <Empty icon="search" title={words.notFound} />
      ) : message.error && !data ? (
        <Failure error={message.error} retry={readAgain} />
      ) : !data ? (
        <Loading lines={9} />
      ) : (
        <Grid gap="lg">
          <Grid.Col span={{ base: 12, lg: 7 }}>
            <Stack gap="lg">
              <TextOf message={data} />
              <Section
                title={words.timeline}
                aside={
                  live === 'live' && (
                    <Mark tone="good" icon="dot">
                      {words.live}
                    </Mark>
                  )
                }
              >
                <Timeline events={data.events} />
              </Section>
              <Section title={words.attempts}>
                <Attempts traces={traces} />
              </Section>
            </Stack>
          </Grid.Col>
          <Grid.Col span={{ base: 12, lg: 5 }}>
            <Stack gap="lg">
              <Section title={words.details}>
                <Details message={data} />
              </Section>
              <Section title={words.receipts}>
                <Receipts receipts={traces.data?.receipts} />
              </Section>
              <Section title={words.callbacks}>
                <Callbacks callbacks={traces.data?.callbacks} />
              </Section>
            </Stack>
          </Grid.Col>
        </Grid>
      )}
    </>
  )
}

function Summary({ message }: { message: MessageResponse }) {
  const words = useWords(messageWords)
  const { inDoubt } = useWords(pageWords)
  return (
    <Group gap="md">
      <StatusBadge status={message.status} />
      {message.in_doubt && (
        <Mark tone="wait" icon="doubt">
          {inDoubt}
        </Mark>
      )}
      {message.possible_duplicate && (
        <Mark tone="wait" icon="copy">
          {words.maybeTwice}
        </Mark>
      )}
      <span className="mono">{message.id}</span>
    </Group>
  )
}

function TextOf({ message }: { message: MessageResponse }) {
  const words = useWords(messageWords)
  const { text } = useWords(pageWords)
  const { erased } = useWords(common)
  const toWarning = useWarning()
  const toCause = useCause()
  return (
    <Section title={text}>
      <Text fz="lg" style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
        {message.message ?? erased}
      </Text>
      {message.warnings.length > 0 && (
        <Stack component="ul" gap={2} mt="sm" mb={0} p={0} style={{ listStyle: 'none' }}>
          {message.warnings.map((warning) => (
            <Text key={warning.code} component="li" size="sm" c="var(--wait)">
              {toWarning(warning)} <span className="mono">({warning.code})</span>
            </Text>
          ))}
        </Stack>
      )}
      {message.error && (
        <Text size="sm" mt="sm" c="var(--bad)">
          {words.error}: {toCause({ provider: message.provider, ...message.error })}{' '}
          <span className="mono">({message.error.code})</span>
        </Text>
      )}
    </Section>
  )
}
