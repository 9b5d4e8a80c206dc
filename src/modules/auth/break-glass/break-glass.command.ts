import { Injectable, type OnModuleInit } from '@nestjs/common';
import {
  type AdminCommand,
  AdminCommandRefused,
  type AdminOptions,
} from '../../../common/admin/admin-command.js';
import { AdminCommands } from '../../../common/admin/admin-commands.js';
import { operatorsPassword, PASSWORD_OPTION } from '../../../common/admin/operators-password.js';
import { PasswordHasher } from '../../../common/secrets/password-hasher.js';
import { BreakGlassWindow } from './break-glass-window.js';
import { OpenBreakGlass } from './open-break-glass.js';

const DEFAULT_HOURS = 24;
const LONGEST_HOURS = 168; // a week, as every session of single sign-on

/** `npm run admin -- break-glass`: the operator lets the first admin in while the identity provider cannot. */
@Injectable()
export class BreakGlassCommand implements AdminCommand, OnModuleInit {
  readonly name = 'break-glass';
  readonly purpose =
    'Lets the person of INITIAL_ORG_ADMIN_EMAIL log in with a password beside single sign-on, for some hours.';
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

  async run(options: AdminOptions, say: (line: string) => void): Promise<void> {
    const { id, email } = await this.window.person();
    if (options['end']) {
      say((await this.opening.shut(id)) ? `Shut: ${email} signs in like everybody.` : 'It was not open.');
      return;
    }
    const expiresAt = new Date(Date.now() + hoursOf(options) * 3_600_000);
    const { password, isGenerated } = await operatorsPassword(options);
    const window = { userId: id, digest: await this.hasher.hashOwn(password), expiresAt };
    const restoreAdmin = options['restore-admin'] === true;
    const isAdmin = await this.opening.open(window, { restoreAdmin });
    say(`OPEN: ${email} can log in at POST /api/v1/login until ${expiresAt.toISOString()}.`);
    if (isGenerated) say(`Password, shown only now: ${password}`);
    if (!isAdmin)
      say('This person is not an active admin of the default organization; --restore-admin makes them one.');
  }
}

function hoursOf({ hours = String(DEFAULT_HOURS) }: AdminOptions): number {
  const number = Number(hours);
  if (number > 0 && number <= LONGEST_HOURS) return number;
  throw new AdminCommandRefused(`--hours must be more than 0 and at most ${LONGEST_HOURS}.`);
}
