import { TextInput } from '@mantine/core'
import { useState } from 'react'
import type { BudgetResponse } from '@sms-gateway/contracts/budgets'
import { useWords } from '../../i18n/words.ts'
import { Fields } from '../../parts/form-parts.tsx'
import { FormButton } from '../../parts/FormButton.tsx'
import { checkBudget, NEW_BUDGET, withAmount } from './budget-form.ts'
import { moneyWords } from './money-words.ts'
import { useSetBudget } from './use-set-budget.ts'

/** The amount of one that is there. */
export function ChangeBudget({ budget, name }: { budget: BudgetResponse; name: string }) {
  const words = useWords(moneyWords)
  return (
    <FormButton
      label={words.changeBudget}
      ariaLabel={words.changeBudgetOf(`${name}, ${words.periods[budget.period]}`)}
      title={words.changeBudgetOf(name)}
      isQuiet
    >
      {(close) => <NewAmount budget={budget} onSaved={close} />}
    </FormButton>
  )
}

function NewAmount({ budget, onSaved }: { budget: BudgetResponse; onSaved: () => void }) {
  const words = useWords(moneyWords)
  const [amount, setAmount] = useState(String(budget.amount))
  const save = useSetBudget(onSaved)
  const { amount: fault } = checkBudget({ ...NEW_BUDGET, unit: budget.unit, amount })
  return (
    <Fields
      error={save.error}
      isSaving={save.isPending}
      submit={() => {
        if (!fault) save.mutate(withAmount(budget, amount))
      }}
    >
      <TextInput
        label={words.limitOf[budget.unit]}
        inputMode="decimal"
        required
        data-autofocus
        value={amount}
        error={fault && words[fault]}
        onChange={(event) => {
          setAmount(event.currentTarget.value)
        }}
      />
    </Fields>
  )
}
