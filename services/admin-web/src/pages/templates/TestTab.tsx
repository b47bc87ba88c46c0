import { Alert, Group, Stack, Text } from '@mantine/core'
import type { ExperimentResponse } from '@sms-gateway/contracts/experiments'
import type { TemplateResponse } from '@sms-gateway/contracts/templates'
import { useMay } from '../../api/session.ts'
import { useFormat } from '../../i18n/format.ts'
import { useWords } from '../../i18n/words.ts'
import { Icon } from '../../parts/Icon.tsx'
import { Section } from '../../parts/Section.tsx'
import { Empty, Failure, Loading } from '../../parts/states.tsx'
import { Mark } from '../../parts/StatusBadge.tsx'
import { Time } from '../../parts/values.tsx'
import { useExperiment } from './api.ts'
import { isSendable } from './draft.ts'
import { EarlierTests } from './EarlierTests.tsx'
import { Comparisons, ResultsTable, Split } from './Results.tsx'
import { StartTest } from './StartTest.tsx'
import { testWords } from './test-words.ts'
import { TestActions, type TestProps } from './TestActions.tsx'
import { Whiskers } from './Whiskers.tsx'

/** The test of the template that runs, or the last one, and the way to one more. */
export function TestTab({ template }: { template: TemplateResponse }) {
  const words = useWords(testWords)
  const { data: experiment, error, refetch } = useExperiment(template.code)
  if (error && experiment === undefined) {
    return <Failure error={error} retry={() => void refetch()} />
  }
  if (experiment === undefined) return <Loading lines={6} />
  if (experiment === null) {
    return (
      <Empty icon="chart" title={words.never} action={<Start template={template} />}>
        {words.neverText}
      </Empty>
    )
  }
  return (
    <Stack gap="lg">
      <Verdict {...{ experiment, template }} />
      <Section title={words.chart(words.metrics[experiment.metric])}>
        <Whiskers experiment={experiment} />
      </Section>
      <ResultsTable experiment={experiment} />
      <Section title={words.comparisons}>
        <Stack gap="xs">
          <Comparisons experiment={experiment} />
          <Split experiment={experiment} />
        </Stack>
      </Section>
      <EarlierTests code={template.code} current={experiment.id} />
    </Stack>
  )
}

function Start({ template }: { template: TemplateResponse }) {
  const words = useWords(testWords)
  const may = useMay()
  if (!may('templates')) return null
  const variants = template.variants.filter(isSendable).map(({ variant }) => variant)
  if (variants.length < 2) return <Text c="dimmed">{words.needsTwo}</Text>
  return <StartTest code={template.code} variants={variants} />
}

function Verdict({ experiment, template }: TestProps) {
  const words = useWords(testWords)
  const { number } = useFormat()
  const { winner, results, ended_at: endedAt, end_reason: reason } = experiment
  const isRunning = endedAt === null
  return (
    <Stack gap="sm" className="surface" p="md">
      <Group justify="space-between" gap="sm">
        <Group gap="md">
          {isRunning ? (
            <Mark tone="busy" icon="play">
              {words.running}
            </Mark>
          ) : (
            <Mark tone="still" icon="check">
              {reason === null ? words.over : `${words.over}: ${words.ends[reason]}`}
            </Mark>
          )}
          <Outcome experiment={experiment} />
        </Group>
        <Group gap="xs">
          {isRunning ? (
            <TestActions {...{ experiment, template }} />
          ) : (
            <Start template={template} />
          )}
        </Group>
      </Group>
      <Text size="sm" c="dimmed" component="div">
        {words.facts(
          number(experiment.version),
          words.metrics[experiment.metric],
          number(experiment.window_hours),
        )}{' '}
        · {words.started} <Time at={experiment.started_at} />
        {!isRunning && (
          <>
            {' '}
            · {words.ended} <Time at={endedAt} />
          </>
        )}
      </Text>
      {isRunning && winner === null && !results.split.mismatch && results.of === 'all' && (
        <Text size="sm">{words.undecidedText}</Text>
      )}
      {results.of === 'own' && <Alert icon={<Icon name="info" />}>{words.ofOwn}</Alert>}
      {!results.complete && <Alert icon={<Icon name="info" />}>{words.incomplete}</Alert>}
    </Stack>
  )
}

function Outcome({
  experiment: { winner, results, ended_at: endedAt },
}: {
  experiment: ExperimentResponse
}) {
  const words = useWords(testWords)
  if (winner !== null) {
    return (
      <Mark tone="good" icon="double">
        {words.winner(winner)}
      </Mark>
    )
  }
  if (results.split.mismatch) {
    return (
      <Mark tone="bad" icon="failed">
        {words.mismatch}
      </Mark>
    )
  }
  return (
    <Mark tone="still" icon="doubt">
      {endedAt === null ? words.undecided : words.noWinner}
    </Mark>
  )
}
