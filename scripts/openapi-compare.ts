/**
 * Compares the served description with published ones: `node scripts/openapi-compare.ts PUBLISHED.json... [--served FILE]
 * [--only-served] [--additions FILE]`. Exits with 0 without differences other than those of
 * `openapi/accepted-differences.json`, 1 with others, 2 if a description cannot be used. `--additions` is a table of what
 * was published later, without a description.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import accepted from '../openapi/accepted-differences.json' with { type: 'json' };
import { type Addition, missingAdditions } from './openapi/additions.ts';
import type { Json } from './openapi/json.ts';
import { differences } from './openapi-differences.ts';

const USAGE =
  'usage: node scripts/openapi-compare.ts PUBLISHED.json... [--served FILE] [--only-served] [--additions FILE]';
/** Begin with `difference`: what newer versions of the published API changed. */
const ACCEPTED: readonly { difference: string; because: string }[] = accepted;
const SERVED = fileURLToPath(new URL('../openapi/served.json', import.meta.url));

class UnusableInput extends Error {}

function readArguments() {
  try {
    const { positionals, values } = parseArgs({
      allowPositionals: true,
      options: {
        served: { type: 'string', default: SERVED },
        'only-served': { type: 'boolean', default: false },
        additions: { type: 'string' },
      },
    });
    if (positionals.length === 0) throw new UnusableInput('give a published description');
    return { ...values, published: positionals, onlyServed: values['only-served'] };
  } catch (cause) {
    throw new UnusableInput(`${(cause as Error).message}\n${USAGE}`, { cause });
  }
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new UnusableInput(`${file} cannot be read: ${(cause as Error).message}`, { cause });
  }
}

function readJson(file: string): unknown {
  const text = readText(file);
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new UnusableInput(`${file} is not JSON: ${(cause as Error).message}`, { cause });
  }
}

function readDescription(file: string): Record<string, unknown> {
  const document = readJson(file) as Record<string, unknown> | null;
  const { openapi, paths } = document ?? {};
  if (typeof openapi !== 'string' || !openapi.startsWith('3.') || typeof paths !== 'object' || paths === null)
    throw new UnusableInput(`${file} is not an OpenAPI 3 description`);
  return { ...document };
}

function group(title: string, lines: string[]): string[] {
  return lines.length > 0 ? [`${title}:`, ...lines.map((line) => `  ${line}`), ''] : [];
}

/** Responses with an error are counted and not listed, since hardly any is published. */
const kindOf = (addition: string) => (/: response [45]\d\d(: |$)/.test(addition) ? 'errors' : 'additions');

/** Prints the comparison with one published description; true if there are no differences. */
function compare(published: string, served: Json, onlyServed: boolean): boolean {
  const found = differences(readDescription(published), served, { onlyServed });
  const isAccepted = (line: string) => ACCEPTED.some(({ difference }) => line.startsWith(difference));
  const { others = [], known = [] } = Object.groupBy(found.differences, (line) =>
    isAccepted(line) ? 'known' : 'others',
  );
  const { errors = [], additions = [] } = Object.groupBy(found.additions, kindOf);
  print([
    ...group('differences', others),
    ...group('accepted differences', known),
    ...group('additions', additions),
    ...(onlyServed ? [`skipped ${found.missing.length} published operations that are not served yet`] : []),
    `${others.length} differences, ${known.length} accepted, ${additions.length} additions, ${errors.length} error responses of operations`,
  ]);
  return others.length === 0;
}

/** Prints what is missing of the table; true if nothing is. */
function compareAdditions(file: string, served: Json): boolean {
  const table = readJson(file) as Addition[];
  const missing = missingAdditions(table, served);
  print([...group('missing additions', missing), `${missing.length} missing of ${table.length} additions`]);
  return missing.length === 0;
}

const print = (lines: string[]) => process.stdout.write(`${lines.join('\n')}\n`);

function compareAll(): boolean {
  const { published, served: servedFile, onlyServed, additions } = readArguments();
  const served = readDescription(servedFile);
  const results = published.map((file) => {
    if (published.length > 1) print([`${file}:`]);
    return compare(file, served, onlyServed);
  });
  if (additions !== undefined) results.push(compareAdditions(additions, served));
  return results.every(Boolean);
}

try {
  process.exitCode = compareAll() ? 0 : 1;
} catch (error) {
  if (!(error instanceof UnusableInput)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
}
