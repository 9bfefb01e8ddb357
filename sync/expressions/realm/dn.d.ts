export function escapeRdn(value: string): string
export function valuesIn(pieces: readonly string[]): boolean[]
