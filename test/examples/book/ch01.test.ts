import { expect } from 'vitest'
import { describeChapter } from './chapter.ts'

const leftRight = Array.from({ length: 5 }, () => 'left right').join(' ')

describeChapter('ch01', {
  'racy/fig-basic-race-condition': {
    prints: ['the value is 1.'],
    outcomes: [[], ['the value is 0.'], ['the value is 1.']],
  },
  'fig-basic-memory-access-sync': {
    prints: ['the value is 0.'],
    outcomes: [['the value is 0.'], ['the value is 1.']],
  },
  'livelock/fig-livelock-hallway': {
    prints: ['Alice', 'Barbara'].flatMap((name) => [
      `${name} tries to get past: ${leftRight}`,
      `${name} tosses her hands up in exasperation!`,
    ]),
  },
  'starvation/fig-example': {
    prints(lines) {
      const [greedy, polite] = lines.map((line) => Number(/\d+/.exec(line)))
      expect(lines).toEqual([`Greedy worker did ${greedy} rounds`, `Polite worker did ${polite} rounds`])
      expect(greedy! / polite!).toBeCloseTo(3, 1)
    },
  },
  'spigot-of-pi': { prints: ['3.243f6a8885a308d313198a2e03707344'], isInAnyOrder: true },
})
