import { Injectable, type OnModuleInit } from '@nestjs/common';
import {
  type AdminCommand,
  AdminCommandError,
  AdminCommands,
  type AdminOptions,
} from '../../../common/admin-commands.js';
import { PASSWORD_OPTION, readOperatorPassword } from '../core/operator-password.js';
import { PasswordHasher } from '../../../common/secrets/password-hasher.js';
import { BreakGlassWindow } from './break-glass-window.js';
import { OpenBreakGlass } from './open-break-glass.js';

const DEFAULT_HOURS = 24;
const MAX_HOURS = 168; // a week, the maximum of an SSO session

/** `npm run admin -- break-glass`: lets the first admin log in while the identity provider is not available. */
@Injectable()
export class BreakGlassCommand implements AdminCommand, OnModuleInit {
  readonly name = 'break-glass';
  readonly purpose =
    'Lets the user with INITIAL_ORG_ADMIN_EMAIL log in with a password beside single sign-on, for some hours.';
  readonly usage = `[--hours ${DEFAULT_HOURS}] [--password-stdin] [--restore-admin] | --end`;
  readonly options = {
    hours: { type: 'string' },
    ...PASSWORD_OPTION,
    'restore-admin': { type: 'boolean' },
    end: { type: 'boolean' },
  } as const;

  constructor(
    private readonly commands: AdminCommands,
    private readonly window: BreakGlassWindow,
    private readonly opening: OpenBreakGlass,
    private readonly hasher: PasswordHasher,
  ) {}

  onModuleInit(): void {
    this.commands.add(this);
  }

  async run(options: AdminOptions, print: (line: string) => void): Promise<void> {
    const { id, email } = await this.window.getUser();
    if (options['end']) {
      print(
        (await this.opening.close(id))
          ? `CLOSED: ${email} can sign in with single sign-on only.`
          : 'Break-glass access was not open.',
      );
      return;
    }
    const hours = hoursOf(options);
    const { password, isGenerated } = await readOperatorPassword(options);
    const window = { userId: id, digest: await this.hasher.hashOwn(password), hours };
    const restoreAdmin = options['restore-admin'] === true;
    const { expiresAt, isAdmin } = await this.opening.open(window, { restoreAdmin });
    print(`OPEN: ${email} can log in at POST /api/v1/login until ${expiresAt.toISOString()}.`);
    if (isGenerated) print(`Password, shown only now: ${password}`);
    if (!isAdmin)
      print('This user is not an active admin of the default organization; --restore-admin makes them one.');
  }
}

function hoursOf({ hours = String(DEFAULT_HOURS) }: AdminOptions): number {
  const number = Number(hours);
  if (number > 0 && number <= MAX_HOURS) return number;
  throw new AdminCommandError(`--hours must be more than 0 and at most ${MAX_HOURS}.`);
}
