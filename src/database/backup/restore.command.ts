import type { AdminCommand, AdminOptions } from '../../common/admin-commands.js';
import type { Config } from '../../config/config.js';
import type { OpenDatabase } from '../open-database.js';
import { verifyBackup } from './backup-content.js';
import { OtherSecrets } from './backup.errors.js';
import { loadDatabase } from './load-database.js';
import { compareSecrets, type SecretCheck } from './secret-fingerprints.js';

type Environment = {
  /** The settings; `createSecrets` creates missing ones in DATA_DIR. */
  settings: (createSecrets: boolean) => Config;
  open: (config: Config, print: (line: string) => void) => Promise<OpenDatabase>;
};

/** `npm run admin -- restore FILE`: restores a backup into an empty database. */
export class RestoreCommand implements AdminCommand {
  readonly name = 'restore';
  readonly purpose = 'Restores a backup into an empty database, after checking the whole file.';
  readonly usage = 'FILE [--accept-other-secrets]';
  readonly options = { 'accept-other-secrets': { type: 'boolean' } } as const;
  readonly argument = 'FILE';

  constructor(private readonly environment: Environment) {}

  async run({ FILE, ...options }: AdminOptions, print: (line: string) => void): Promise<void> {
    const path = String(FILE);
    const acceptsOthers = options['accept-other-secrets'] === true;
    const header = await verifyBackup(path);
    const config = this.environment.settings(acceptsOthers);
    const secrets = compareSecrets(header.secrets, config);
    if (!acceptsOthers) assertSame(secrets);
    const database = await this.environment.open(config, print);
    try {
      const { tables, rows } = await loadDatabase(database.dataSource, path);
      print(`${path}: restored ${rows} rows of ${tables} tables, as of ${header.createdAt}.`);
    } finally {
      await database.close();
    }
    for (const secret of secrets) print(describe(secret));
    print('All users have to sign in again. A start of the server migrates the database if it is older.');
  }
}

function assertSame(secrets: readonly SecretCheck[]): void {
  const different = secrets.filter(({ isSame, neededFor }) => !isSame && neededFor !== null);
  if (different.length > 0)
    throw new OtherSecrets(different.map(({ name, neededFor }) => `${name} (${neededFor})`));
}

function describe({ name, isSame, neededFor }: SecretCheck): string {
  if (isSame) return `${name}: the same as in the backup.`;
  return `${name}: not that of the backup; ${neededFor ?? 'networks of recent logins count as new ones'}.`;
}
