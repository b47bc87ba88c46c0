import type { InfiniteData, UseInfiniteQueryResult } from '@tanstack/react-query'

/** As every list of the API answers. */
export interface PageOf<T> {
  data: T[]
  next_cursor: string | null
}

/** All the pages that are there as one list, in the form that `DataTable` takes. */
export function toList<T>(result: UseInfiniteQueryResult<InfiniteData<PageOf<T>>>) {
  return {
    rows: result.data?.pages.flatMap(({ data }) => data) ?? [],
    isPending: result.isPending,
    isRefreshing: result.isFetching && !result.isPending,
    error: result.isError && !result.data ? result.error : null,
    retry: () => void result.refetch(),
    hasMore: result.hasNextPage,
    isLoadingMore: result.isFetchingNextPage,
    loadMore: () => void result.fetchNextPage(),
  }
}
