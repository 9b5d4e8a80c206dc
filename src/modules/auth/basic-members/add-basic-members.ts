import { Injectable } from '@nestjs/common';
import type { OrgPrincipal } from '../../../common/access/principal.js';
import { zip, getOrThrow } from '../../../common/collections.js';
import { generatePassword } from '../../../common/secrets/password-rule.js';
import { ConcurrentChange } from '../../../database/transactions/constraint-violation.errors.js';
import { newId } from '../../../database/statements/new-id.js';
import { Transaction } from '../../../database/transactions/transaction.js';
import { AuditTrail } from '../../audit/index.js';
import {
  type InviteRow,
  AddMembersDirectly,
  type LocatedRows,
  type NewMember,
  namingRows,
} from '../../invitations/index.js';
import { membershipFacts } from '../../members/index.js';
import type { User } from '../../users/index.js';
import { chosenByAdminOf, PasswordMails, PasswordsService } from '../../passwords/index.js';

/** `password` is returned once, for an account that this call created; it is handed over out of band. */
export type AddedMember = {
  user: User;
  password: string | null;
  accessExpiresAt: Date | null;
  requestedEnd: Date | null | undefined;
};

type Secret = { password: string; digest: string };

const SET_BY_OTHERS = 'a password was set by another request at the same time';

/** Active at once; with a mail server, new ones get a link to choose a password. An existing password is kept. */
@Injectable()
export class AddBasicMembers {
  constructor(
    private readonly addMembersDirectly: AddMembersDirectly,
    private readonly passwords: PasswordsService,
    private readonly mails: PasswordMails,
    private readonly transaction: Transaction,
    private readonly audit: AuditTrail,
  ) {}

  /** One result per row, in their order. A malformed batch is refused after its other rows were checked. */
  async run(principal: OrgPrincipal, members: LocatedRows<NewMember>): Promise<AddedMember[]> {
    const secrets = await this.hashPasswords(members.malformed.length > 0 ? [] : members.rows);
    const adding = this.transaction.as(principal, async () => {
      const entryId = newId();
      const { members: added, changes } = await this.addMembersDirectly.run(principal, members, entryId);
      const created = added.filter(({ isNew }) => isNew).map(({ user }) => [user.email, user.id] as const);
      const userIds = new Map(created); // rows may repeat an address
      const digests = [...userIds].map(([email, userId]) => ({
        userId,
        digest: getOrThrow(secrets, email).digest,
      }));
      const given = await this.passwords.chooseFirst(digests, chosenByAdminOf(principal.orgId));
      if (given.size < digests.length) throw new ConcurrentChange(SET_BY_OTHERS); // or a returned one would not work
      await this.mails.queue([...userIds.keys()], principal.orgId);
      const resourceIds = [...new Set(added.map(({ user }) => user.id))];
      const scope = { entryId, details: membershipFacts(changes) };
      await this.audit.record(principal, 'add_basic_auth_users_to_org', resourceIds, scope);
      return added.map(({ user, isNew, ...ends }) => ({
        ...ends,
        user,
        password: isNew ? getOrThrow(secrets, user.email).password : null,
      }));
    });
    return namingRows(members, adding);
  }

  /** By e-mail; the first row of an address decides. Runs outside of the transaction, because hashing is slow. */
  private async hashPasswords(rows: readonly InviteRow[]): Promise<Map<string, Secret>> {
    const chosenPassword = new Map(
      rows.toReversed().map(({ email, password }) => [email, password ?? generatePassword()]),
    );
    const digests = await this.passwords.hashAll([...chosenPassword.values()]);
    return new Map(
      zip([...chosenPassword], digests).map(([[email, password], digest]) => [email, { password, digest }]),
    );
  }
}
