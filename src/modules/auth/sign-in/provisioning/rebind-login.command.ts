import { Injectable, type OnModuleInit } from '@nestjs/common';
import {
  type AdminCommand,
  AdminCommandError,
  AdminCommands,
  type AdminOptions,
} from '../../../../common/admin-commands.js';
import { Config } from '../../../../config/config.js';
import { SignInAccounts } from './sign-in-accounts.js';

/** `npm run admin -- logins:rebind`: needed if a provider was replaced or sends new subjects. */
@Injectable()
export class RebindLoginCommand implements AdminCommand, OnModuleInit {
  readonly name = 'logins:rebind';
  readonly purpose =
    'Binds an account to another login of the identity provider, in place of the one it has.';
  readonly usage = '--email ADDRESS --issuer ISSUER --subject SUBJECT';
  readonly options = {
    email: { type: 'string' },
    issuer: { type: 'string' },
    subject: { type: 'string' },
  } as const;

  constructor(
    private readonly commands: AdminCommands,
    private readonly accounts: SignInAccounts,
    private readonly config: Config,
  ) {}

  onModuleInit(): void {
    this.commands.add(this);
  }

  async run({ email, issuer, subject }: AdminOptions, print: (line: string) => void): Promise<void> {
    if (!this.config.sso)
      throw new AdminCommandError('Single sign-on is not set up, so no account has such a login.');
    if (!isText(email) || !isText(issuer) || !isText(subject))
      throw new AdminCommandError(`All options are required: ${this.usage}`);
    const user = await this.accounts.rebind(email, { issuer, subject });
    print(`${user.email} (user ${user.id}) now signs in with that login only.`);
  }
}

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';
