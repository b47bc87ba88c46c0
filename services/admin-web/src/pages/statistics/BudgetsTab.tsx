import { Group, Stack, Text, VisuallyHidden } from '@mantine/core'
import type { BudgetResponse } from '@sms-gateway/contracts/budgets'
import { EACH } from '@sms-gateway/domain/budget'
import { request } from '../../api/request.ts'
import { useSession } from '../../api/session.ts'
import { usePages } from '../../api/use-pages.ts'
import { useSave } from '../../api/use-save.ts'
import { useWords } from '../../i18n/words.ts'
import { ConfirmAction } from '../../parts/ConfirmAction.tsx'
import { DataTable, type DataTableColumn } from '../../parts/DataTable.tsx'
import { Empty } from '../../parts/states.tsx'
import { Time } from '../../parts/values.tsx'
import { AddBudget } from './AddBudget.tsx'
import { BUDGETS, useClientNames } from './api.ts'
import { BudgetUse } from './BudgetUse.tsx'
import { ChangeBudget } from './ChangeBudget.tsx'
import { moneyWords } from './money-words.ts'
import { Spent } from './Spent.tsx'

/** Where each limit stands, and the means to set one. */
export function BudgetsTab() {
  const words = useWords(moneyWords)
  const budgets = usePages<BudgetResponse>(BUDGETS)
  const nameOf = useBudgetName()
  const columns: DataTableColumn<BudgetResponse>[] = [
    {
      accessor: 'scope',
      title: words.scope,
      render: (budget) => <Text size="sm">{nameOf(budget)}</Text>,
    },
    {
      accessor: 'period',
      title: words.period,
      render: ({ period }) => words.periods[period],
    },
    { accessor: 'hard', title: words.kind, render: (budget) => <Kind budget={budget} /> },
    {
      accessor: 'used',
      title: words.used,
      width: 260,
      render: (budget) => <BudgetUse budget={budget} name={nameOf(budget)} />,
    },
    {
      accessor: 'updated_at',
      title: words.updated,
      render: ({ updated_at: at }) => <Time at={at} />,
    },
    {
      accessor: 'actions',
      title: <VisuallyHidden>{words.actions}</VisuallyHidden>,
      textAlign: 'right',
      render: (budget) => <Actions budget={budget} name={nameOf(budget)} />,
    },
  ]
  return (
    <Stack gap="md">
      <Group justify="space-between" align="flex-start">
        <Text c="dimmed" maw={720}>
          {words.budgetsIntro}
        </Text>
        <AddBudget />
      </Group>
      <Spent />
      <DataTable
        label={words.budgets}
        columns={columns}
        idAccessor="id"
        empty={
          <Empty icon="money" title={words.noBudgets}>
            {words.noBudgetsHint}
          </Empty>
        }
        card={(budget) => (
          <Stack gap={6}>
            <Group justify="space-between">
              <Text fw={600}>{nameOf(budget)}</Text>
              <Text size="sm" c="dimmed">
                {words.periods[budget.period]}
              </Text>
            </Group>
            <BudgetUse budget={budget} name={nameOf(budget)} />
            <Group justify="space-between">
              <Kind budget={budget} />
              <Actions budget={budget} name={nameOf(budget)} />
            </Group>
          </Stack>
        )}
        {...budgets}
      />
    </Stack>
  )
}

/** Whose budget it is, in words. */
function useBudgetName(): (budget: BudgetResponse) => string {
  const words = useWords(moneyWords)
  const { client } = useSession()
  const clients = useClientNames()
  return ({ scope, client_id: id, customer_id: customer, message_type: type }) => {
    if (scope === 'all') return words.scopes.all
    const key = customer ?? type
    const what = key === null || key === EACH ? words.each[scope] : `${words.scopes[scope]} ${key}`
    if (scope === 'client') {
      if (id === null) return words.each.client
      return id === client.id ? words.ownClient : (clients.get(id) ?? id)
    }
    if (id === null) return `${what} · ${words.ofAllClients}`
    return clients.size > 1 && id !== client.id ? `${what} · ${clients.get(id) ?? id}` : what
  }
}

function Kind({ budget }: { budget: BudgetResponse }) {
  const words = useWords(moneyWords)
  return (
    <Text size="sm" c={budget.hard ? undefined : 'dimmed'}>
      {budget.hard ? words.kinds.hard : words.kinds.soft}
    </Text>
  )
}

function Actions({ budget, name }: { budget: BudgetResponse; name: string }) {
  const words = useWords(moneyWords)
  const remove = useSave({
    save: () => request(`${BUDGETS}/${budget.id}`, { method: 'DELETE' }),
    stale: [BUDGETS],
    said: words.deleted,
  })
  return (
    <Group gap="xs" wrap="nowrap" justify="flex-end">
      <ChangeBudget budget={budget} name={name} />
      <ConfirmAction
        label={words.deleteBudget}
        ariaLabel={words.deleteBudgetOf(`${name}, ${words.periods[budget.period]}`)}
        title={words.deleteTitle}
        confirm={words.deleteConfirm}
        isDangerous
        act={remove.mutateAsync}
      >
        {words.deleteText(`${name}（${words.periods[budget.period]}）`)}
      </ConfirmAction>
    </Group>
  )
}
