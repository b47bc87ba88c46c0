import {
  ActionIcon,
  Group,
  NumberInput,
  SimpleGrid,
  Stack,
  Switch,
  Text,
  Textarea,
  TextInput,
  Title,
  Tooltip,
} from '@mantine/core'
import { useId } from 'react'
import { useFormat } from '../../i18n/format.ts'
import { useWords } from '../../i18n/words.ts'
import { Icon } from '../../parts/Icon.tsx'
import { TextPreview } from '../../parts/TextPreview.tsx'
import { type DraftVariant, shareOf } from './draft.ts'
import { editorWords } from './editor-words.ts'

const MAX_WEIGHT = 10_000
const MAX_CONTENT = 2_000

/** One text of a template, and beside it what the recipient will read. */
export function VariantEditor({
  code,
  variant: draft,
  all,
  values,
  isNew,
  onChange,
  onRemove,
}: {
  code: string
  variant: DraftVariant
  all: readonly DraftVariant[]
  values: Readonly<Record<string, string>>
  /** Its name may still be chosen. */
  isNew: boolean
  onChange: (change: Partial<DraftVariant>) => void
  onRemove: (() => void) | undefined
}) {
  const words = useWords(editorWords)
  const { share } = useFormat()
  const id = useId()
  const part = shareOf(draft, all)
  return (
    <section
      className="surface"
      aria-labelledby={id}
      style={{ padding: 'var(--mantine-spacing-md)' }}
    >
      <Group justify="space-between" mb="xs" wrap="nowrap">
        <Title order={3} id={id}>
          {words.variant(draft.variant)}
        </Title>
        <Group gap="xs" wrap="nowrap">
          <Text size="sm" c="dimmed">
            {part > 0 ? words.share(share(part)) : words.nobody}
          </Text>
          {onRemove && (
            <Tooltip label={words.removeVariant(draft.variant)}>
              <ActionIcon
                variant="subtle"
                color="gray"
                aria-label={words.removeVariant(draft.variant)}
                onClick={onRemove}
              >
                <Icon name="trash" size={16} />
              </ActionIcon>
            </Tooltip>
          )}
        </Group>
      </Group>
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg">
        <Stack gap="sm">
          <Textarea
            label={words.content}
            description={words.contentHint}
            required
            autosize
            minRows={4}
            maxRows={14}
            maxLength={MAX_CONTENT}
            value={draft.content}
            onChange={(event) => {
              onChange({ content: event.currentTarget.value })
            }}
          />
          <Group align="flex-end" gap="md">
            {isNew && (
              <TextInput
                label={words.variantName}
                w={120}
                maxLength={20}
                value={draft.variant}
                onChange={(event) => {
                  onChange({ variant: event.currentTarget.value.replace(/[^A-Za-z0-9_-]/g, '') })
                }}
              />
            )}
            <NumberInput
              label={words.weight}
              w={120}
              min={0}
              max={MAX_WEIGHT}
              allowDecimal={false}
              allowNegative={false}
              clampBehavior="strict"
              value={draft.weight}
              onChange={(weight) => {
                onChange({ weight: Number(weight) })
              }}
            />
            <Switch
              label={words.active}
              mb={8}
              checked={draft.active}
              onChange={(event) => {
                onChange({ active: event.currentTarget.checked })
              }}
            />
          </Group>
        </Stack>
        <TextPreview
          {...{ code, values }}
          label={words.preview(draft.variant)}
          content={draft.content}
        />
      </SimpleGrid>
    </section>
  )
}
