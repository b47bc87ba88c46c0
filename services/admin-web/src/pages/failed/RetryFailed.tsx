import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { RetryFailedResponse } from '@sms-gateway/contracts/retry'
import { request } from '../../api/request.ts'
import { useFormat } from '../../i18n/format.ts'
import { useWords } from '../../i18n/words.ts'
import { Failure } from '../../parts/states.tsx'
import { common } from '../../parts/words.ts'
import { Done, Working } from './Outcome.tsx'
import { readRate, type RetryFilter, secondsFor } from './retry-plan.ts'
import { useRetry } from './use-retry.ts'
import { words as pageWords } from './words.ts'

const USUAL_RATE = '60'

/** What is to be sent again. */
export interface RetryPlan {
  /** The cause, in words. */
  what: string
  /** As the list says. */
  count: number
  filter: RetryFilter
}

/**
 * Counts first, says how many and how long, asks, and shows what was done. It is of the page, not of a row: the row is
 * gone once its messages are sent again.
 */
export function RetryFailed({ plan, onClose }: { plan: RetryPlan | null; onClose: () => void }) {
  const words = useWords(pageWords)
  return (
    <Modal
      opened={plan !== null}
      onClose={onClose}
      title={words.retryTitle}
      closeOnClickOutside={false}
      size="lg"
      centered
    >
      {plan && <Steps {...plan} close={onClose} />}
    </Modal>
  )
}

/** Opens it: says of which cause, and how many. */
export function RetryButton({
  label,
  plan,
  open,
}: {
  label: string
  plan: RetryPlan
  open: (plan: RetryPlan) => void
}) {
  const words = useWords(pageWords)
  const { number } = useFormat()
  return (
    <Button
      variant="default"
      size="sm"
      onClick={() => {
        open(plan)
      }}
      aria-label={words.retryOf(label, plan.what, number(plan.count))}
    >
      {label}
    </Button>
  )
}

function Steps({ what, count, filter, close }: RetryPlan & { close: () => void }) {
  const words = useWords(pageWords)
  const shared = useWords(common)
  const { number, duration } = useFormat()
  const [rateText, setRateText] = useState(USUAL_RATE)
  const rate = readRate(rateText)
  const { state, progress, error, run, stop } = useRetry(filter)
  const dryRun = useQuery({
    queryKey: ['/failed/retry', filter],
    queryFn: () =>
      request<RetryFailedResponse>('/failed/retry', {
        method: 'POST',
        body: { ...filter, dry_run: true },
      }),
    staleTime: 0,
    gcTime: 0,
    refetchOnWindowFocus: false,
    enabled: state === 'asking',
  })
  const found = dryRun.data?.count
  if (state === 'done') return <Done progress={progress} error={error} close={close} />
  if (state === 'working') {
    return <Working done={progress.retried} all={found ?? count} stop={stop} />
  }
  return (
    <Stack>
      <Text fw={600}>{what}</Text>
      {dryRun.error !== null && (
        <Failure error={dryRun.error} retry={() => void dryRun.refetch()} />
      )}
      <div role="status">
        {found === undefined && dryRun.error === null && <Text c="dimmed">{words.counting}</Text>}
        {found === 0 && <Text>{words.foundNone}</Text>}
        {found !== undefined && found > 0 && (
          <>
            <Text fw={600}>{words.found(number(found))}</Text>
            {found !== count && (
              <Text size="sm" c="dimmed">
                {words.others(number(count))}
              </Text>
            )}
            {rate != null && (
              <Text>{words.takes(duration(Math.max(1, secondsFor(found, rate))))}</Text>
            )}
          </>
        )}
      </div>
      <TextInput
        label={words.rate}
        description={words.rateHint}
        inputMode="numeric"
        value={rateText}
        error={rate === undefined ? words.invalidRate : undefined}
        onChange={(event) => {
          setRateText(event.currentTarget.value)
        }}
      />
      <Text size="sm" c="dimmed">
        {words.asNew}
      </Text>
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={close}>
          {shared.cancel}
        </Button>
        <Button
          disabled={found === undefined || found === 0 || rate === undefined}
          onClick={() => void run(rate ?? null)}
        >
          {words.confirm(number(found ?? 0))}
        </Button>
      </Group>
    </Stack>
  )
}
