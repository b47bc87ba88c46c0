import { useInfiniteQuery } from '@tanstack/react-query'
import { type Query, request } from './request.ts'
import { type PageOf, toList } from './to-list.ts'

const LIMIT = 50
const FIRST: string | null = null

/** A list that pages by cursor, as all of ours do. Its key is its path and its filters. */
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- the caller names the rows, as `request` does
export function usePages<T>(
  path: string,
  query: Query = {},
  { limit = LIMIT, unmask = false } = {},
) {
  const result = useInfiniteQuery({
    queryKey: [path, 'list', query, unmask],
    queryFn: ({ pageParam, signal }) =>
      request<PageOf<T>>(path, { query: { ...query, limit, cursor: pageParam }, unmask, signal }),
    initialPageParam: FIRST,
    getNextPageParam: (last) => last.next_cursor,
  })
  return toList(result)
}
