import { Logger } from '@nestjs/common';
import { unlessAborted } from '../../../common/background/lifecycle.js';
import type { OpenDatabase } from '../../../database/open-database.js';
import { checkClock, checkDatabase, checkMigrations, type Open } from './database-checks.js';
import { checkDisk, checkEventLoop } from './machine-checks.js';
import { type CheckName, type Finding, found, foundIf, ok, type Result } from './problems.js';
import {
  checkAddress,
  checkApplications,
  checkMail,
  checkProvider,
  checkReceivers,
  checkScim,
} from './service-checks.js';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { UnusableSecretsFile } from '../../../common/secrets/secrets-file.js';
import type { Config } from '../../../config/config.js';
import { InvalidEnvironment } from '../../../config/environment.errors.js';

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
    run('applications', needsSettings(checkApplications)),
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

/** `config` is null if the settings are invalid. `failure`: why they are, or why there are no stored secrets. */
type LoadedSettings = { readonly config: Config | null; readonly failure: unknown };

function checkSettings({ config, failure }: LoadedSettings): Result[] {
  if (failure instanceof InvalidEnvironment)
    return failure.problems.map(({ variables, message }) =>
      found('setting_invalid', `${variables.join(' and ')}: ${message}`),
    );
  if (config === null) return [found('not_checked', 'The settings need the secrets file.')];
  const unknown = config.warnings.filter(({ kind }) => kind === 'unknown_setting');
  return [ok('All settings are valid.'), ...unknown.map(({ message }) => found('unknown_setting', message))];
}

function checkSecrets({ config, failure }: LoadedSettings): Result[] {
  const isUnusable = failure instanceof UnusableSecretsFile;
  const short = config?.warnings.filter(({ kind }) => kind === 'short_secret') ?? [];
  const problems = [
    ...foundIf(isUnusable, 'secrets_unusable', isUnusable ? failure.message : ''),
    ...short.map(({ message }) => found('short_secret', `${message}.`)),
    ...filesWithSecrets(config)
      .filter(isReadableByOthers)
      .map((path) => found('secret_file_readable', `Every user of this machine can read ${path}.`)),
  ];
  return problems.length > 0 ? problems : [ok('Long enough, and in no file that others can read.')];
}

const filesWithSecrets = (config: Config | null): string[] => [
  '.env',
  ...(config === null ? [] : [join(config.database.dataDirectory, 'secrets.json'), ...config.secretFiles]),
];

const OTHERS = 0o004;

function isReadableByOthers(path: string): boolean {
  if (process.platform === 'win32') return false; // which has no such mode
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat !== undefined && (stat.mode & OTHERS) !== 0;
}
