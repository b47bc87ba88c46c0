import { Button, Group } from '@mantine/core'
import { useSearchParams } from 'react-router'
import { useWords } from '../../i18n/words.ts'
import { DayField } from '../../parts/DayField.tsx'
import { words as pageWords } from './words.ts'

const DAY = /^\d{4}-\d{2}-\d{2}$/

/** The days that the URL names; without any, all that is kept. */
export function useDates() {
  const [params, setParams] = useSearchParams()
  const read = (name: string) => {
    const text = params.get(name)
    return text !== null && DAY.test(text) ? text : undefined
  }
  const [start, end] = [read('from'), read('to')]
  return {
    start_date: start,
    end_date: end,
    filter: {
      ...(start !== undefined && { start_date: start }),
      ...(end !== undefined && { end_date: end }),
    },
    isInOrder: start === undefined || end === undefined || start <= end,
    change: (name: 'from' | 'to', value: string) => {
      setParams(
        (now) => {
          if (value === '') now.delete(name)
          else now.set(name, value)
          return now
        },
        { replace: true },
      )
    },
    clear: () => {
      setParams({}, { replace: true })
    },
  }
}

export function Dates({ dates }: { dates: ReturnType<typeof useDates> }) {
  const words = useWords(pageWords)
  const { start_date: start, end_date: end, isInOrder, change, clear } = dates
  return (
    <Group
      component="section"
      aria-label={words.filters}
      className="surface"
      p="sm"
      gap="sm"
      align="flex-end"
    >
      <DayField
        label={words.from}
        w={150}
        day={start}
        onDay={(day) => {
          change('from', day)
        }}
      />
      <DayField
        label={words.to}
        w={150}
        day={end}
        error={isInOrder ? undefined : words.outOfOrder}
        onDay={(day) => {
          change('to', day)
        }}
      />
      {(start !== undefined || end !== undefined) && (
        <Button variant="subtle" size="sm" onClick={clear}>
          {words.clear}
        </Button>
      )}
    </Group>
  )
}
