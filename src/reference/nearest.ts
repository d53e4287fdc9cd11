/** The known name that shares the most pairs of letters with a word (Dice's coefficient), if it is at all like it. */
export function nearest(word: string, known: string[]): string | undefined {
  const wanted = pairs(word);
  const [best] = known
    .map((name) => {
      const own = pairs(name);
      const shared = [...wanted].filter((pair) => own.has(pair)).length;
      return { name, like: (2 * shared) / (wanted.size + own.size) };
    })
    .sort((a, b) => b.like - a.like);
  return best !== undefined && best.like > 0.4 ? best.name : undefined;
}

function pairs(word: string): Set<string> {
  return new Set(Array.from(word, (letter, index) => letter + (word[index + 1] ?? '')));
}
