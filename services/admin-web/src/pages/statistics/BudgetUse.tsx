import { Group, Progress, Stack, Text } from '@mantine/core'
import type { BudgetResponse } from '@sms-gateway/contracts/budgets'
import { useFormat } from '../../i18n/format.ts'
import { useWords } from '../../i18n/words.ts'
import { Mark } from '../../parts/StatusBadge.tsx'
import { shareOf } from './budget-form.ts'
import { moneyWords } from './money-words.ts'

/** Used of the limit, with a bar; the limit alone where it is counted for each apart. */
export function BudgetUse({ budget, name }: { budget: BudgetResponse; name: string }) {
  const words = useWords(moneyWords)
  const { number, money, share } = useFormat()
  const show = (value: number | string) =>
    typeof value === 'string'
      ? money(value, budget.currency ?? 'TWD')
      : words.messages(number(value))
  const used = shareOf(budget)
  const last = Math.max(0, ...budget.alerts.map(({ percent }) => percent))
  if (used === null || budget.used === null) {
    return (
      <Text size="sm">
        {show(budget.amount)} <span style={{ color: 'var(--quiet)' }}>· {words.usedEach}</span>
      </Text>
    )
  }
  const tone = used >= 1 ? 'bad' : used >= 0.8 ? 'wait' : 'good'
  return (
    <Stack gap={4}>
      <Group justify="space-between" gap="xs">
        <Text size="sm">{words.usedOf(show(budget.used), show(budget.amount))}</Text>
        {last > 0 ? (
          <Mark tone={tone} icon="bell">
            {share(used)}
          </Mark>
        ) : (
          <Text size="sm">{share(used)}</Text>
        )}
      </Group>
      <Progress
        value={Math.min(100, used * 100)}
        color={`var(--${tone})`}
        size="sm"
        aria-label={`${name}: ${share(used)}`}
      />
      {last > 0 && (
        <Text size="xs" c="dimmed">
          {words.alerts(number(last))}
        </Text>
      )}
    </Stack>
  )
}
