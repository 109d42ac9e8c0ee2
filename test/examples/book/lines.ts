// What the tables of the chapters say of lines.
import { expect } from 'vitest'
import type { Lines } from './chapter.ts'

/** The same lines, in whatever order. */
export const inAnyOrder =
  (...expected: Lines) =>
  (lines: Lines): void =>
    expect(lines.toSorted()).toEqual(expected.toSorted())

export const numbered = (count: number, line: (i: number) => string, from = 0): string[] =>
  Array.from({ length: count }, (_, i) => line(i + from))

/** The numbers of a line of `bench`. */
export const nsOf = (line: string): number => Number(/ (\d+) ns\/op$/.exec(line)![1])
