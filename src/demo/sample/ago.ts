/** Milliseconds, for chapters. */
export const ago = {
  seconds: (count: number): number => count * 1_000,
  minutes: (count: number): number => count * 60_000,
  days: (count: number): number => count * 86_400_000,
} as const
