import { Group, Select } from '@mantine/core'
import { useSearchParams } from 'react-router'
import { useWords } from '../../i18n/words.ts'
import { DayField } from '../../parts/DayField.tsx'
import { type Filters, STAT_BYS } from './filters.ts'
import { presetOf, PRESETS, rangeOf } from './ranges.ts'
import { words as pageWords } from './words.ts'

const CUSTOM = 'custom'

/** Group and dates. They live in the URL, so that what one sees can be sent to a colleague. */
export function FilterBar({ filters, today }: { filters: Filters; today: string }) {
  const words = useWords(pageWords)
  const [, setParams] = useSearchParams()
  const change = (values: Readonly<Record<string, string>>) => {
    setParams(
      (params) => {
        for (const [name, value] of Object.entries(values)) params.set(name, value)
        return params
      },
      { replace: true },
    )
  }
  const preset = presetOf(filters, today) ?? CUSTOM
  return (
    <Group
      component="section"
      aria-label={words.filters}
      className="surface"
      p="sm"
      gap="sm"
      align="flex-start"
    >
      <Select
        label={words.by}
        size="sm"
        w={170}
        allowDeselect={false}
        data={STAT_BYS.map((value) => ({ value, label: words.groups[value] }))}
        value={filters.by}
        onChange={(by) => {
          if (by !== null) change({ by })
        }}
      />
      <Select
        label={words.period}
        size="sm"
        w={150}
        allowDeselect={false}
        data={[
          ...PRESETS.map((value) => ({ value, label: words.presets[value] })),
          { value: CUSTOM, label: words.custom, disabled: true },
        ]}
        value={preset}
        onChange={(value) => {
          const found = PRESETS.find((each) => each === value)
          if (found) change({ ...rangeOf(found, today) })
        }}
      />
      <DayField
        label={words.from}
        w={150}
        day={filters.from}
        max={filters.to}
        onDay={(from) => {
          if (from) change({ from, to: filters.to })
        }}
      />
      <DayField
        label={words.to}
        w={150}
        day={filters.to}
        error={filters.isInOrder ? undefined : words.outOfOrder}
        onDay={(to) => {
          if (to) change({ from: filters.from, to })
        }}
      />
    </Group>
  )
}
