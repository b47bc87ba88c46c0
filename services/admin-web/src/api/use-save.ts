import { notifications } from '@mantine/notifications'
import { useMutation, useQueryClient } from '@tanstack/react-query'

/**
 * A change that a person makes: what was read of the `stale` paths is asked for again, they are told that it is done,
 * and its form may go.
 */
export function useSave<Wanted = void>({
  save,
  stale,
  said,
  onSaved,
}: {
  save: (wanted: Wanted) => Promise<unknown>
  stale: readonly string[]
  said: string
  onSaved?: () => void
}) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: save,
    onSuccess: async () => {
      await Promise.all(stale.map((path) => client.invalidateQueries({ queryKey: [path] })))
      notifications.show({ message: said })
      onSaved?.()
    },
  })
}
