import type { SetBudgetRequest } from '@sms-gateway/contracts/budgets'
import { request } from '../../api/request.ts'
import { useSave } from '../../api/use-save.ts'
import { useWords } from '../../i18n/words.ts'
import { BUDGETS } from './api.ts'
import { moneyWords } from './money-words.ts'

/** Sets a new one, or another amount of one that is there. */
export function useSetBudget(onSaved: () => void) {
  const words = useWords(moneyWords)
  return useSave({
    save: (body: SetBudgetRequest) => request(BUDGETS, { method: 'PUT', body }),
    stale: [BUDGETS],
    said: words.saved,
    onSaved,
  })
}
