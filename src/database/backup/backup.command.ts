import type { AdminCommand, AdminOptions } from '../../common/admin-commands.js';
import type { Config } from '../../config/config.js';
import type { OpenDatabase } from '../open-database.js';
import { dumpDatabase } from './dump-database.js';
import { fingerprintsOf } from './secret-fingerprints.js';
import { assertWritable, writeBackup } from './write-backup.js';

type Installation = { readonly config: Config; readonly database: OpenDatabase };

/** `npm run admin -- backup FILE`: writes the database into one file, also while servers run. */
export class BackupCommand implements AdminCommand {
  readonly name = 'backup';
  readonly purpose = 'Writes the database into one file, also while the server runs. Secrets are not in it.';
  readonly usage = 'FILE [--overwrite]';
  readonly options = { overwrite: { type: 'boolean' } } as const;
  readonly argument = 'FILE';

  /**
   * @param open opens the migrated database of this environment
   * @param listen returns a signal that is aborted when the process has to stop
   */
  constructor(
    private readonly open: () => Promise<Installation>,
    private readonly listen: () => AbortSignal,
  ) {}

  async run({ FILE, overwrite }: AdminOptions, print: (line: string) => void): Promise<void> {
    const path = String(FILE);
    const options = { overwrite: overwrite === true, signal: this.listen() };
    await assertWritable(path, options.overwrite);
    const { config, database } = await this.open();
    try {
      let size = 0;
      const totals = await dumpDatabase(database.dataSource, fingerprintsOf(config), async (content) => {
        size = await writeBackup(path, content, options);
      });
      print(`${path}: ${totals.rows} rows of ${totals.tables} tables, ${size} bytes.`);
    } finally {
      await database.close();
    }
    print(SECRETS);
  }
}

const SECRETS =
  'Keep the secrets too, which are not in the file: API_KEY_SALT, AUDIT_SEAL_SECRET and BASIC_AUTH_JWT_SECRET, or ' +
  'secrets.json in DATA_DIR where the environment does not give them.';
