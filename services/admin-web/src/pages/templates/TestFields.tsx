import { Checkbox, NumberInput, Select, SimpleGrid } from '@mantine/core'
import type { ExperimentResponse } from '@sms-gateway/contracts/experiments'
import { useWords } from '../../i18n/words.ts'
import { testWords } from './test-words.ts'

type Metric = ExperimentResponse['metric']
type Gets = ExperimentResponse['hold_out_gets']

const METRICS: readonly Metric[] = ['delivered', 'reply', 'no-opt-out']
const GETS: readonly Gets[] = ['control', 'nothing']
const MAX_HOURS = 168

/** A test as it is asked for; shares in percent. */
export interface TestPlan {
  metric: Metric
  holdOut: number
  gets: Gets
  control: string
  hours: number
  alpha: number
  auto: boolean
}

/** How the test is to be made. */
export function TestFields({
  plan,
  variants,
  change,
}: {
  plan: TestPlan
  variants: readonly string[]
  change: (part: Partial<TestPlan>) => void
}) {
  const words = useWords(testWords)
  return (
    <>
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        <Select
          label={words.metric}
          allowDeselect={false}
          data-autofocus
          value={plan.metric}
          data={METRICS.map((value) => ({ value, label: words.metrics[value] }))}
          onChange={(value) => {
            change({ metric: METRICS.find((each) => each === value) ?? plan.metric })
          }}
        />
        <Select
          label={words.control}
          allowDeselect={false}
          value={plan.control}
          data={[...variants]}
          onChange={(control) => {
            change({ control: control ?? plan.control })
          }}
        />
        <NumberInput
          label={words.holdOut}
          description={words.holdOutHint}
          min={0}
          max={50}
          clampBehavior="strict"
          value={plan.holdOut}
          onChange={(value) => {
            change({ holdOut: Number(value) })
          }}
        />
        <Select
          label={words.holdOutGets}
          description={'\u00a0'}
          allowDeselect={false}
          disabled={plan.holdOut === 0}
          value={plan.gets}
          data={GETS.map((value) => ({ value, label: words.gets[value] }))}
          onChange={(value) => {
            change({ gets: GETS.find((each) => each === value) ?? plan.gets })
          }}
        />
        <NumberInput
          label={words.window}
          description={words.windowHint}
          min={1}
          max={MAX_HOURS}
          allowDecimal={false}
          value={plan.hours}
          onChange={(value) => {
            change({ hours: Number(value) })
          }}
        />
        <NumberInput
          label={words.alpha}
          description={words.alphaHint}
          min={0.01}
          max={20}
          value={plan.alpha}
          onChange={(value) => {
            change({ alpha: Number(value) })
          }}
        />
      </SimpleGrid>
      <Checkbox
        label={words.auto}
        checked={plan.auto}
        onChange={(event) => {
          change({ auto: event.currentTarget.checked })
        }}
      />
    </>
  )
}

const PERCENT = 100

export function toRequest({ metric, holdOut, gets, control, hours, alpha, auto }: TestPlan) {
  return {
    metric,
    hold_out: holdOut / PERCENT,
    hold_out_gets: gets,
    control,
    window_hours: hours,
    alpha: alpha / PERCENT,
    auto_promote: auto,
  }
}
