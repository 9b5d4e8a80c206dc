import autocannon from 'autocannon';
import { median } from './report.ts';

export const RUN_SECONDS = 2;
export const RUNS = 5;

/** Runs for the given seconds and returns the units of work done per second. */
export type Contender = (seconds: number) => Promise<number>;

/** The results of all measured runs. */
export type Runs<Name extends string> = {
  perSecond: (name: Name) => number;
  /** The median of the ratios of one contender to another in the same run. */
  ratio: (name: Name, to: Name) => number;
};

/**
 * Runs the contenders alternately, so that load from outside affects all of them; the first two runs are a warm-up. All
 * results are medians.
 */
export async function runAlternating<Name extends string>(
  contenders: Record<Name, Contender>,
): Promise<Runs<Name>> {
  const names = Object.keys(contenders) as Name[];
  const runs: Record<Name, number>[] = [];
  for (let run = -2; run < RUNS; run++) {
    const results = {} as Record<Name, number>;
    for (const name of names) results[name] = await contenders[name](RUN_SECONDS);
    if (run >= 0) runs.push(results);
  }
  return {
    perSecond: (name) => median(runs.map((results) => results[name])),
    ratio: (name, to) => median(runs.map((results) => results[name] / results[to])),
  };
}

/** Requests for one address over `connections`; each connection sends its next request after the response. */
export const requests =
  (url: string, headers: Record<string, string>, connections: number): Contender =>
  async (seconds) => {
    const result = await autocannon({ url, headers, connections, duration: seconds });
    if (result.errors + result.non2xx > 0)
      throw new Error(`${url}: ${result.errors} connections broke, ${result.non2xx} responses were not 2xx`);
    return result['2xx'] / result.duration;
  };

/** `atOnce` workers repeat `work`, which returns the units that it has done. */
export const repeated =
  (atOnce: number, work: () => Promise<number>): Contender =>
  async (seconds) => {
    const begun = performance.now();
    let done = 0;
    const worker = async () => {
      while (performance.now() - begun < seconds * 1000) {
        const more = await work(); // separate: `done += await …` would lose what other workers add
        done += more;
      }
    };
    await Promise.all(Array.from({ length: atOnce }, worker));
    return (done * 1000) / (performance.now() - begun);
  };
