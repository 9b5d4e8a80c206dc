import { Logger } from '@nestjs/common';
import { unlessAborted } from '../../../common/background/lifecycle.js';
import type { OpenDatabase } from '../../../database/open-database.js';
import { checkClock, checkDatabase, checkMigrations, type Open } from './database-checks.js';
import { checkDisk, checkEventLoop } from './machine-checks.js';
import { type CheckName, type Finding, found, type Result } from './problems.js';
import { checkAddress, checkMail, checkProvider, checkReceivers, checkScim } from './service-checks.js';
import { checkSecrets, checkSettings, type LoadedSettings } from './settings-checks.js';

export type DoctorInput = LoadedSettings & {
  readonly open: Open;
  readonly mailTo: string | undefined;
};

/** What a check asks is given up then, and the check itself a moment later. */
const DEADLINE_MS = 14_000;
const GRACE_MS = 2_000;

type Check = (signal: AbortSignal) => Result[] | Promise<Result[]>;

/** In the order of `CHECKS`. The database is asked first, then everything else at once, within a minute. */
export async function* runChecks(input: DoctorInput): AsyncGenerator<Finding> {
  Logger.overrideLogger(false); // parts of the server would log what is reported here
  const { config } = input;
  yield* await run('settings', () => checkSettings(input));
  yield* await run('secrets', () => checkSecrets(input));
  let database: OpenDatabase | null = null;
  const opened = (given: OpenDatabase) => (database = given);
  const { open, failure } = input;
  const lacksPassword = config?.database.url === null && failure !== null; // of the embedded database
  const needsSettings = needing(lacksPassword ? null : config, 'the settings and their secrets');
  yield* await run(
    'database',
    needsSettings((each, signal) => checkDatabase(each, { open, opened, signal })),
  );
  yield* askOthers(input, database);
  yield* await run('event_loop', checkEventLoop);
}

async function* askOthers({ config, mailTo }: DoctorInput, database: OpenDatabase | null) {
  const [needsSettings, needsDatabase] = [needing(config, 'the settings'), needing(database, 'the database')];
  const migrations = run('migrations', needsDatabase(checkMigrations));
  const needsTables =
    (check: (opened: OpenDatabase) => Promise<Result[]>): Check =>
    async (signal) => {
      const isMigrated = (await migrations).every(({ status }) => status !== 'error');
      return needing(isMigrated ? database : null, 'the tables of the database')(check)(signal);
    };
  const running = [
    run('clock', needsDatabase(checkClock)),
    migrations,
    run('address', needsSettings(checkAddress)),
    run('provider', needsSettings(checkProvider)),
    run('scim', needsTables(checkScim)),
    run(
      'mail',
      needsSettings((each) => checkMail(each, mailTo)),
    ),
    run('receivers', needsTables(checkReceivers)),
    run('disk', needsSettings(checkDisk)),
  ];
  for (const findings of running) yield* await findings;
  if (database) await unlessAborted(AbortSignal.timeout(1000), database.close()).catch(() => undefined);
}

const needing =
  <Needed>(needed: Needed | null, name: string) =>
  (check: (needed: Needed, signal: AbortSignal) => Result[] | Promise<Result[]>): Check =>
  (signal) =>
    needed === null ? [found('not_checked', `Not checked: it needs ${name}.`)] : check(needed, signal);

async function run(name: CheckName, check: Check): Promise<Finding[]> {
  const asking = AbortSignal.timeout(DEADLINE_MS);
  const ending = AbortSignal.timeout(DEADLINE_MS + GRACE_MS);
  const results = await unlessAborted(ending, Promise.resolve(check(asking))).catch((error: unknown) =>
    ending.aborted
      ? [found('timed_out', `It did not end within ${(DEADLINE_MS + GRACE_MS) / 1000} s.`)]
      : [unexpected(error)],
  );
  return results.map((result) => ({ check: name, ...result }));
}

const INSUFFICIENT_PRIVILEGE = '42501'; // PostgreSQL, Appendix A

/** Without the message of an unexpected error, which may hold anything. */
function unexpected(error: unknown): Result {
  const { name = 'an unknown error', code } = error as { name?: string; code?: unknown };
  if (code === INSUFFICIENT_PRIVILEGE)
    return found('database_rights_missing', 'The role may not read what this check needs.');
  return found('check_failed', `It failed with ${typeof code === 'string' ? `${name} ${code}` : name}.`);
}
