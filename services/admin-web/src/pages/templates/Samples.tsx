import { Button, SimpleGrid, Text, TextInput } from '@mantine/core'
import { useWords } from '../../i18n/words.ts'
import { Section } from '../../parts/Section.tsx'
import { editorWords } from './editor-words.ts'

/** What stands for the variables in the previews. */
export function Samples({
  values,
  onChange,
  onFill,
}: {
  values: Readonly<Record<string, string>>
  onChange: (name: string, value: string) => void
  onFill: () => void
}) {
  const words = useWords(editorWords)
  const names = Object.keys(values)
  return (
    <Section
      title={words.samples}
      aside={
        Object.values(values).includes('') && (
          <Button variant="default" size="xs" onClick={onFill}>
            {words.fillSamples}
          </Button>
        )
      }
    >
      <Text size="sm" c="dimmed" mb={names.length > 0 ? 'xs' : 0}>
        {names.length > 0 ? words.samplesHint : words.noSamples}
      </Text>
      <SimpleGrid cols={{ base: 1, xs: 2, md: 4 }}>
        {names.map((name) => (
          <TextInput
            key={name}
            label={<span className="mono">{name}</span>}
            size="sm"
            value={values[name] ?? ''}
            onChange={(event) => {
              onChange(name, event.currentTarget.value)
            }}
          />
        ))}
      </SimpleGrid>
    </Section>
  )
}
