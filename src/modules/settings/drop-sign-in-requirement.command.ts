import { Injectable, type OnModuleInit } from '@nestjs/common';
import {
  type AdminCommand,
  AdminCommandError,
  AdminCommands,
  type AdminOptions,
} from '../../common/admin-commands.js';
import { isUuid } from '../../common/http/operations/value-checks.js';
import { Transaction } from '../../database/transactions/transaction.js';
import { AuditTrail, operatorIn } from '../audit/index.js';
import { OrgsRepository } from '../orgs/index.js';

const NOTHING = { requiredAcr: [], requiredAmr: [], maxAuthenticationAge: null };

/** `npm run admin -- sign-in-requirement:drop`: for an organization of which no admin can sign in as it requires. */
@Injectable()
export class DropSignInRequirementCommand implements AdminCommand, OnModuleInit {
  readonly name = 'sign-in-requirement:drop';
  readonly purpose = 'Lets people act in an organization however they have signed in.';
  readonly usage = '[--organization ID]';
  readonly options = { organization: { type: 'string' } } as const;

  constructor(
    private readonly commands: AdminCommands,
    private readonly orgs: OrgsRepository,
    private readonly transaction: Transaction,
    private readonly audit: AuditTrail,
  ) {}

  onModuleInit(): void {
    this.commands.add(this);
  }

  async run({ organization }: AdminOptions, print: (line: string) => void): Promise<void> {
    await this.transaction.run(async () => {
      const org =
        organization === undefined
          ? await this.orgs.getDefault()
          : isUuid(organization) && (await this.orgs.listByIds([String(organization)]))[0];
      if (!org) throw new AdminCommandError(`There is no organization ${String(organization)}.`);
      await this.orgs.update(org.id, NOTHING);
      const details = { required_acr: [], required_amr: [], max_authentication_age: null };
      await this.audit.record(operatorIn(org.id), 'update_organization_info', [org.id], { details });
      print(`${org.displayName} (${org.id}) requires nothing of sign-ins any more.`);
    });
  }
}
