import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectPath, readProject } from '../working-copy.ts';
import type { Position } from './uses.ts';

/** Written by `test/setup/coverage.mjs`, one file for each test file. */
const FOLDER = projectPath('node_modules', '.cache', 'coverage-of-tests');

const MOST_TESTS = 4;
/** Of the recorded times of the tests for one change. */
const MOST_MS = 20_000;

/** Inner ranges of a function come after the outer one. */
type Range = readonly [start: number, end: number, count: number];
type Recorded = {
  readonly test: string;
  readonly ms: number;
  readonly files: Readonly<Record<string, { readonly digest: string; readonly ranges: readonly Range[] }>>;
};

/** Which tests execute a place of the server, as they were last recorded; none, if none were. */
export class Coverage {
  private readonly tests: readonly (Recorded & { readonly calls: number })[];
  private readonly digests = new Map<string, string>();

  constructor() {
    if (!existsSync(FOLDER))
      console.log(
        'Only specs are run: `RECORD_COVERAGE=1 npm test -- test/e2e` records what other tests execute.',
      );
    this.tests = (existsSync(FOLDER) ? readdirSync(FOLDER) : [])
      .map((name) => JSON.parse(readFileSync(join(FOLDER, name), 'utf8')) as Recorded)
      .filter(({ test }) => existsSync(projectPath(test)))
      .map((each) => ({
        ...each,
        calls: callsIn(Object.values(each.files).flatMap(({ ranges }) => ranges)),
      }));
  }

  /** A few, the most promising first: short ones in which much of what is called is there. */
  testsAt(positions: readonly Position[]): string[] {
    return this.tests
      .map((each) => ({
        ...each,
        share: Math.max(0, ...positions.map((at) => this.countAt(each, at))) / each.calls,
      }))
      .filter(({ share }) => share > 0)
      .sort((one, other) => one.ms / Math.sqrt(one.share) - other.ms / Math.sqrt(other.share))
      .slice(0, MOST_TESTS)
      .filter(({ ms }, index, chosen) => index === 0 || sumOf(chosen.slice(0, index)) + ms < MOST_MS)
      .map(({ test }) => test);
  }

  /** How often the test executed this place; all of the file, if that has changed since. */
  private countAt({ files }: Recorded, { file, at }: Position): number {
    const recorded = files[file];
    if (!recorded) return 0;
    if (recorded.digest !== this.digestOf(file)) return callsIn(recorded.ranges);
    const around = recorded.ranges.filter(([start, end]) => start <= at && at < end);
    const inner = around.sort(([from, to], [start, end]) => to - from - (end - start))[0];
    return inner?.[2] ?? 0;
  }

  private digestOf(file: string): string {
    const known = this.digests.get(file);
    if (known) return known;
    const digest = createHash('sha256').update(readProject(file)).digest('hex').slice(0, 16);
    this.digests.set(file, digest);
    return digest;
  }
}

const sumOf = (tests: readonly Recorded[]): number => tests.reduce((sum, { ms }) => sum + ms, 0);
const callsIn = (ranges: readonly Range[]): number => ranges.reduce((sum, [, , count]) => sum + count, 0);
