import { SegmentedControl, SimpleGrid, Stack } from '@mantine/core'
import { useSearchParams } from 'react-router'
import { useWords } from '../../i18n/words.ts'
import { PageHeader } from '../../parts/PageHeader.tsx'
import { Empty, Failure, Loading } from '../../parts/states.tsx'
import { usePrices, useProviders } from './api.ts'
import { GatewayLever } from './GatewayLever.tsx'
import { RANGE_NAMES, readRange } from './history.ts'
import { historyWords } from './history-words.ts'
import { ProviderPanel } from './ProviderPanel.tsx'
import { Simulation } from './Simulation.tsx'
import { words as pageWords } from './words.ts'

/** How the providers do, and the levers. */
export function ProvidersPage() {
  const words = useWords(pageWords)
  const { range: rangeLabel, ranges } = useWords(historyWords)
  const [params, setParams] = useSearchParams()
  const range = readRange(params.get('range'))
  const { data, isPending, error, refetch } = useProviders()
  const prices = usePrices()
  return (
    <>
      <PageHeader
        title={words.title}
        description={words.description}
        actions={
          <SegmentedControl
            aria-label={rangeLabel}
            size="sm"
            data={RANGE_NAMES.map((value) => ({ value, label: ranges[value] }))}
            value={range}
            onChange={(next) => {
              setParams({ range: next }, { replace: true })
            }}
          />
        }
      />
      <Stack gap="lg">
        <GatewayLever />
        {isPending && <Loading lines={8} />}
        {error !== null && !data && <Failure error={error} retry={() => void refetch()} />}
        {data?.data.length === 0 && <Empty icon="provider" title={words.empty} />}
        {data && data.data.length > 0 && (
          <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="md">
            {data.data.map((provider) => (
              <ProviderPanel
                key={provider.name}
                provider={provider}
                price={prices.get(provider.name)}
                range={range}
              />
            ))}
          </SimpleGrid>
        )}
        <Simulation />
      </Stack>
    </>
  )
}
