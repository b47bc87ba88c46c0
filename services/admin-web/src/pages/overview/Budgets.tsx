import { Group, Progress, Stack, Text } from '@mantine/core'
import type { OverviewBudget } from '@sms-gateway/contracts/overview'
import { useFormat } from '../../i18n/format.ts'
import { useWords } from '../../i18n/words.ts'
import { words as pageWords } from './words.ts'

const NEARLY = 0.8

/** What is used of each budget, the fullest first. */
export function Budgets({ budgets }: { budgets: readonly OverviewBudget[] }) {
  const words = useWords(pageWords)
  const { number, money, share } = useFormat()
  if (budgets.length === 0) return <Text c="dimmed">{words.noBudgets}</Text>
  const say = (value: number | string, currency: string | null) =>
    currency === null ? words.messages(number(Number(value))) : money(String(value), currency)
  return (
    <Stack gap="sm">
      {budgets.map((budget) => {
        const whose = budget.customer_id ?? budget.message_type
        const name = [words.scopes[budget.scope], whose, words.periods[budget.period]]
          .filter(Boolean)
          .join(' · ')
        return (
          <div key={budget.id}>
            <Group justify="space-between" gap="xs">
              <Text size="sm" fw={550}>
                {name}
              </Text>
              <Text size="sm" c={budget.share >= 1 ? 'var(--bad)' : 'dimmed'}>
                {words.used(say(budget.used, budget.currency), say(budget.limit, budget.currency))}{' '}
                ({share(budget.share)})
              </Text>
            </Group>
            <Progress
              mt={4}
              size="sm"
              value={Math.min(100, budget.share * 100)}
              color={toColor(budget.share)}
              aria-label={name}
            />
          </div>
        )
      })}
    </Stack>
  )
}

function toColor(share: number): string {
  if (share >= 1) return 'var(--bad)'
  return share >= NEARLY ? 'var(--wait)' : 'var(--good)'
}
