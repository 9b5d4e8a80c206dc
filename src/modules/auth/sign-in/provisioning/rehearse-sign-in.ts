import { Injectable } from '@nestjs/common';
import { newId } from '../../../../database/statements/new-id.js';
import { awaitAll } from '../../../../database/transactions/unit-of-work.js';
import { Transaction } from '../../../../database/transactions/transaction.js';
import {
  type OrgMembership,
  OrgMembersService,
  type WorkspaceMembership,
  WorkspaceMembersService,
} from '../../../members/index.js';
import type { SignInRequirement } from '../../../orgs/index.js';
import type { SsoIdentity } from '../../oidc/index.js';
import { GrantAccess } from './grant-access.js';
import { SignInAccounts } from './sign-in-accounts.js';
import { type SignInContext, SignInContextLoader } from './sign-in-context-loader.js';
import { decideSignIn, type SignInDecision } from './sign-in-decision.js';

export type Memberships = {
  readonly org: OrgMembership | null;
  readonly workspaces: readonly WorkspaceMembership[];
};

export type Rehearsal = {
  readonly context: SignInContext;
  readonly decision: SignInDecision;
  readonly before: Memberships;
  readonly after: Memberships;
};

const NONE: Memberships = { org: null, workspaces: [] };

/** Ends the transaction of a rehearsal, so that it is rolled back. */
class Rehearsed extends Error {
  constructor(readonly rehearsal: Rehearsal) {
    super('the rehearsal of a sign-in is never committed');
  }
}

/** As `SignIn`, in a transaction that is always rolled back, so that no rule has a second implementation. */
@Injectable()
export class RehearseSignIn {
  constructor(
    private readonly transaction: Transaction,
    private readonly contexts: SignInContextLoader,
    private readonly accounts: SignInAccounts,
    private readonly grantAccess: GrantAccess,
    private readonly members: OrgMembersService,
    private readonly workspaceMembers: WorkspaceMembersService,
  ) {}

  /** @throws DefaultOrgMoved, and after a concurrent change the errors of `SignIn` */
  async run(identity: SsoIdentity, orgId: string, requirement: SignInRequirement | null): Promise<Rehearsal> {
    if (this.transaction.isJoined) throw new Error('an outer transaction would commit the rehearsal');
    const load = () => this.contexts.load(identity, orgId, requirement);
    try {
      return await this.transaction.inOrganization(orgId, load, async (context) => {
        throw new Rehearsed(await this.rehearse(identity, context));
      });
    } catch (error) {
      if (error instanceof Rehearsed) return error.rehearsal;
      throw error;
    }
  }

  private async rehearse(identity: SsoIdentity, context: SignInContext): Promise<Rehearsal> {
    const { org, person, facts } = context;
    const decision = decideSignIn(facts);
    const before = person.user ? await this.membershipsOf(org.id, person.user.id) : NONE;
    if ('refusal' in decision) {
      await this.grantAccess.revokeGroupAccess(decision, context, newId());
      const after = person.user ? await this.membershipsOf(org.id, person.user.id) : NONE;
      return { context, decision, before, after };
    }
    const userId = await this.accounts.ensureUser(identity, person);
    await awaitAll([
      this.accounts.updateAccount(userId, identity, { account: decision.account, person }),
      this.grantAccess.run(decision.rule, { userId, auditEntryId: newId() }, context),
    ]);
    return { context, decision, before, after: await this.membershipsOf(org.id, userId) };
  }

  private async membershipsOf(orgId: string, userId: string): Promise<Memberships> {
    const [byUser, workspaces] = await awaitAll([
      this.members.findByUsers(orgId, [userId]),
      this.workspaceMembers.listWorkspaceMemberships(orgId, [userId]),
    ]);
    return { org: byUser.get(userId) ?? null, workspaces };
  }
}
