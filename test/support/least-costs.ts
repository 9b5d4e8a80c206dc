const ATTEMPTS = 4;

/**
 * The least of what each returns in up to four attempts, which end when all are equal: beside the statements of requests,
 * now and then one of the server's own is counted, such as those that tidy every minute.
 */
export async function leastCosts(...measures: readonly (() => Promise<number>)[]): Promise<number[]> {
  const least = measures.map(() => Infinity);
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    for (const [index, measure] of measures.entries()) {
      const cost = await measure();
      least[index] = Math.min(least[index] ?? cost, cost);
    }
    if (new Set(least).size === 1) break;
  }
  return least;
}
