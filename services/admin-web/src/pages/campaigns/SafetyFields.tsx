import { NumberInput, Select, SimpleGrid } from '@mantine/core'
import { useWords } from '../../i18n/words.ts'
import { Section } from '../../parts/Section.tsx'
import { formWords } from './form-words.ts'
import { CANARIES, type Plan } from './plan.ts'

/** What goes first, and over which rates it halts by itself. */
export function SafetyFields({
  plan,
  change,
}: {
  plan: Plan
  change: (part: Partial<Plan>) => void
}) {
  const words = useWords(formWords)
  const rate = (value: string | number) => (value === '' ? '' : Number(value))
  return (
    <Section title={words.safety}>
      <SimpleGrid cols={{ base: 1, xs: 2, md: 4 }}>
        <Select
          label={words.canary}
          allowDeselect={false}
          data={CANARIES.map((value) => ({ value, label: words.canaries[value] }))}
          value={plan.canary}
          onChange={(value) => {
            change({ canary: CANARIES.find((each) => each === value) ?? 'auto' })
          }}
        />
        {plan.canary === 'own' && (
          <>
            <NumberInput
              label={words.percent}
              min={0}
              max={100}
              clampBehavior="strict"
              value={plan.percent}
              onChange={(value) => {
                change({ percent: Number(value) })
              }}
            />
            <NumberInput
              label={words.atLeast}
              min={1}
              max={1_000_000}
              allowDecimal={false}
              value={plan.atLeast}
              onChange={(value) => {
                change({ atLeast: Number(value) })
              }}
            />
            <NumberInput
              label={words.waitMinutes}
              min={0}
              max={1_440}
              allowDecimal={false}
              value={plan.waitMinutes}
              onChange={(value) => {
                change({ waitMinutes: Number(value) })
              }}
            />
          </>
        )}
      </SimpleGrid>
      <SimpleGrid cols={{ base: 1, xs: 3 }} mt="md">
        <NumberInput
          label={words.failureRate}
          description={words.emptyIsOff}
          min={0}
          max={100}
          clampBehavior="strict"
          value={plan.failureRate}
          onChange={(value) => {
            change({ failureRate: rate(value) })
          }}
        />
        <NumberInput
          label={words.optOutRate}
          description={words.emptyIsOff}
          min={0}
          max={100}
          clampBehavior="strict"
          value={plan.optOutRate}
          onChange={(value) => {
            change({ optOutRate: rate(value) })
          }}
        />
        <NumberInput
          label={words.minResults}
          description={'\u00a0'}
          min={1}
          max={1_000_000}
          allowDecimal={false}
          value={plan.minResults}
          onChange={(value) => {
            change({ minResults: Number(value) })
          }}
        />
      </SimpleGrid>
    </Section>
  )
}
