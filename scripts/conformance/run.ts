/**
 * Replays requests against a running server and compares the responses:
 * `npm run conformance -- [AREA ...] --url URL [--scim-token TOKEN] [--api-key KEY] [--issuer ISSUER]`. Without an area,
 * runs all whose options are given. What a sequence creates is removed afterwards. Exits with 0 if all responses are as
 * expected, 1 if one is not, 2 if the arguments cannot be used.
 */
import { parseArgs } from 'node:util';
import type { Area, Sequence } from './area.ts';
import { AREAS } from './areas.ts';
import { Client, reasonOf, type Result, skipped } from './client.ts';
import { missesOf, summaryOf, tableOf } from './report.ts';

class UnusableArguments extends Error {}

type Arguments = {
  readonly areas: readonly Area[];
  readonly url: string;
  readonly options: Record<string, string>;
};

function readArguments(): Arguments {
  const names = ['url', ...AREAS.flatMap(({ options, extras = [] }) => [...options, ...extras])];
  const { positionals, values } = parsed(names);
  const { url, ...options } = values;
  if (!url || !URL.canParse(url)) throw new UnusableArguments('--url has to be the URL of a server');
  const hasOptions = (area: Area) => area.options.every((name) => options[name]);
  const named = positionals.map((name) => {
    const area = AREAS.find((one) => one.name === name);
    if (!area)
      throw new UnusableArguments(`there is no area ${name}: ${AREAS.map((one) => one.name).join(', ')}`);
    if (!hasOptions(area)) throw new UnusableArguments(`${name} needs --${area.options.join(', --')}`);
    return area;
  });
  const areas = named.length > 0 ? named : AREAS.filter(hasOptions);
  if (areas.length === 0) throw new UnusableArguments('no area can run with these options');
  return { areas, url: url.replace(/\/$/, ''), options };
}

function parsed(names: readonly string[]) {
  try {
    const options = Object.fromEntries(names.map((name) => [name, { type: 'string' as const }]));
    const { positionals, values } = parseArgs({ allowPositionals: true, options });
    return { positionals, values: values as Record<string, string> };
  } catch (cause) {
    throw new UnusableArguments((cause as Error).message, { cause });
  }
}

/** A sequence that cannot go on is a miss with the reason. */
async function resultsOf(sequence: Sequence, client: Client): Promise<readonly Result[]> {
  try {
    const obstacle = (await sequence.obstacle?.(client)) ?? null;
    if (obstacle !== null) return [skipped('the sequence', obstacle)];
    await sequence.run(client);
    return client.results;
  } catch (error) {
    const end = { name: 'the sequence ends', expected: 'all requests', got: reasonOf(error) };
    return [...client.results, { ...end, outcome: 'missed' }];
  } finally {
    await client.removeCreated();
  }
}

/** Runs the areas one after the other; true if all responses are as expected. */
async function runAll({ areas, url, options }: Arguments): Promise<boolean> {
  const results: Result[] = [];
  for (const { name: area, connect, sequences } of areas)
    for (const sequence of sequences) {
      const found = await resultsOf(sequence, new Client(connect(url, options), options));
      results.push(
        ...found.map((result) => ({ ...result, name: `${area}: ${sequence.name}: ${result.name}` })),
      );
    }
  const misses = missesOf(results);
  process.stdout.write(
    `${tableOf(results)}\n\n${misses === '' ? '' : `${misses}\n\n`}${summaryOf(results)}\n`,
  );
  return misses === '';
}

try {
  process.exitCode = (await runAll(readArguments())) ? 0 : 1;
} catch (error) {
  if (!(error instanceof UnusableArguments)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
}
