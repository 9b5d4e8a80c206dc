import autocannon from 'autocannon';

export const ROUND_SECONDS = 2;
export const ROUNDS = 7;

/** How much somebody gets done in one round, per second. */
export type Contender = (seconds: number) => Promise<number>;

/** Of several rounds. */
export type Throughput = { perSecond: number; ratio: number };

/**
 * Lets the contenders take turns, so that a busy moment of the machine meets them all; the first two rounds only warm
 * up. Returns the median of each, and the median of its ratios to `measure` within a round.
 */
export async function runAlternating<Name extends string>(
  contenders: Record<Name, Contender>,
  measure: NoInfer<Name>,
): Promise<Record<Name, Throughput>> {
  const names = Object.keys(contenders) as Name[];
  const rounds: Record<Name, number>[] = [];
  for (let round = -2; round < ROUNDS; round++) {
    const results = {} as Record<Name, number>;
    for (const name of names) results[name] = await contenders[name](ROUND_SECONDS);
    if (round >= 0) rounds.push(results);
  }
  const standing = (name: Name): Throughput => ({
    perSecond: median(rounds.map((results) => results[name])),
    ratio: median(rounds.map((results) => results[name] / results[measure])),
  });
  return Object.fromEntries(names.map((name) => [name, standing(name)])) as Record<Name, Throughput>;
}

/** Requests for one address over so many connections, each sending the next when it has its answer. */
export const requests =
  (url: string, key: string, connections: number): Contender =>
  async (seconds) => {
    const headers = { 'x-api-key': key };
    const result = await autocannon({ url, headers, connections, duration: seconds });
    if (result.errors + result.non2xx > 0)
      throw new Error(`${url}: ${result.errors} connections broke, ${result.non2xx} answers were not 2xx`);
    return result['2xx'] / result.duration;
  };

/** So many at a time repeat `work`, which tells how much it got done. */
export const repeated =
  (atOnce: number, work: () => Promise<number>): Contender =>
  async (seconds) => {
    const begun = performance.now();
    let done = 0;
    const worker = async () => {
      while (performance.now() - begun < seconds * 1000) {
        const more = await work(); // apart: `done += await …` would forget what others add meanwhile
        done += more;
      }
    };
    await Promise.all(Array.from({ length: atOnce }, worker));
    return (done * 1000) / (performance.now() - begun);
  };

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1]!;
