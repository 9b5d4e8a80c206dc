import { Injectable, type OnModuleInit } from '@nestjs/common';
import { type AdminCommand, AdminCommands, type AdminOptions } from '../../../common/admin-commands.js';
import { SigningKeys } from './signing-keys.js';

/** `npm run admin -- oauth:rotate-keys` */
@Injectable()
export class RotateSigningKeysCommand implements AdminCommand, OnModuleInit {
  readonly name = 'oauth:rotate-keys';
  readonly purpose =
    'Makes new keys for ID tokens of the authorization server, which sign after ten minutes.';
  readonly usage = '';
  readonly options = {};

  constructor(
    private readonly commands: AdminCommands,
    private readonly keys: SigningKeys,
  ) {}

  onModuleInit(): void {
    this.commands.add(this);
  }

  async run(_: AdminOptions, print: (line: string) => void): Promise<void> {
    await this.keys.rotate();
    print(
      'New keys are published now and sign after ten minutes; those before stay published for an hour more.',
    );
  }
}
