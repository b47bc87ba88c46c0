import { SimpleGrid, Text } from '@mantine/core'
import { useWords } from '../../i18n/words.ts'
import { Money } from '../../parts/values.tsx'
import { useStats } from './api.ts'
import { moneyWords } from './money-words.ts'
import { rangeOf, todayOf } from './ranges.ts'

/** What has gone out of the till so far. */
export function Spent() {
  const words = useWords(moneyWords)
  const today = todayOf(new Date())
  const ofToday = useStats({ by: 'day', ...rangeOf('today', today) }, true)
  const ofMonth = useStats({ by: 'day', ...rangeOf('month', today) }, true)
  if (!ofToday.totals || !ofMonth.totals) return null
  const spent = [
    [words.spentToday, ofToday.totals],
    [words.spentMonth, ofMonth.totals],
  ] as const
  return (
    <SimpleGrid component="dl" cols={{ base: 2, sm: 4 }} spacing="xs" m={0}>
      {spent.map(([name, { cost }]) => (
        <div key={name} className="surface" style={{ padding: '10px 12px' }}>
          <Text component="dt" size="xs" c="dimmed">
            {name}
          </Text>
          <Text component="dd" m={0} size="xl" fw={600}>
            <Money {...cost} />
          </Text>
        </div>
      ))}
    </SimpleGrid>
  )
}
