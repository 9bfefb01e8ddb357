/** A token of a feed: which way of following it is of, and where that had come. */
export type FeedToken = { readonly way: string; readonly place: string }

export function formatToken({ way, place }: FeedToken): string {
  return `${way}:${place}`
}

/** Where to go on; undefined for the token of another way (the server was updated, the account may do less): everything is read anew then. */
export function placeOf(token: string | null, way: string): string | undefined {
  return token?.startsWith(`${way}:`) === true ? token.slice(way.length + 1) : undefined
}
