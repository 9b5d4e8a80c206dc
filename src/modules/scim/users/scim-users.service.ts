import { Injectable } from '@nestjs/common';
import type { ScimPrincipal } from '../../../common/access/principal.js';
import { BatchQueue } from '../../../common/background/batch-queue.js';
import { UUID } from '../../../common/http/operations/value-checks.js';
import { newId } from '../../../database/statements/new-id.js';
import { Transaction } from '../../../database/transactions/transaction.js';
import { AuditTrail } from '../../audit/index.js';
import { membershipFacts } from '../../members/index.js';
import { existing } from '../http/errors.js';
import { readPatch } from '../protocol/patch-request.js';
import { assertVersion, readResource, type VersionedTarget } from '../protocol/resource.js';
import { USER_SHAPE } from '../protocol/schemas.js';
import { ScimError } from '../protocol/scim.errors.js';
import { isObject, valueNamed } from '../protocol/value.js';
import type { PageRequest } from '../query/scim-pages.read-model.js';
import { concerns, leavesInactive, type UserEdit, without } from '../roles/user-edit.js';
import { CreateUsers, type NewScimUser } from './create-users.js';
import { ScimAccounts } from './scim-accounts.js';
import { ScimUsersRepository, type ScimUserRow } from './scim-users.repository.js';
import { revokedDetails, UserAccess } from './user-access.js';
import { changedNames, profileOf, type UserProfile, toEditableResource } from './user-profile.js';

type ProfileChange = {
  readonly before: UserProfile;
  readonly after: UserProfile;
  readonly changed: readonly string[];
  /** Attributes that the request would change, but for what it holds of them. */
  readonly left: readonly string[];
  /** The change is one of roles, which has an effect. */
  readonly givesRoles: boolean;
};

/**
 * An id that is not a UUID is unknown. Bodies are those of SCIM requests, alone or in a bulk request. A user is changed completely
 * or not at all, with the membership, account and invitations.
 */
@Injectable()
export class ScimUsersService {
  private readonly creations: BatchQueue<NewScimUser, ScimUserRow>;

  constructor(
    private readonly transaction: Transaction,
    private readonly users: ScimUsersRepository,
    private readonly accounts: ScimAccounts,
    private readonly access: UserAccess,
    private readonly audit: AuditTrail,
    createUsers: CreateUsers,
  ) {
    this.creations = new BatchQueue((newUsers) => createUsers.run(newUsers));
  }

  /** @throws ScimResourceNotFound */
  async get({ orgId }: ScimPrincipal, id: string): Promise<ScimUserRow> {
    return existing(UUID.test(id) ? await this.users.find(orgId, id) : null);
  }

  list({ orgId }: ScimPrincipal, request: PageRequest, withGroups: boolean) {
    return this.users.page(orgId, request, withGroups);
  }

  /** Also takes over a user who is already a member. @throws SeatLimitReached, ScimError uniqueness */
  async create(principal: ScimPrincipal, body: unknown): Promise<ScimUserRow> {
    const profile = profileOf(readResource(USER_SHAPE, body));
    await this.accounts.loadIssuer();
    return this.creations.enqueue(principal.credential.id, { principal, profile }); // recognized once for the batch
  }

  /** @throws as `patch` does */
  replace(principal: ScimPrincipal, target: VersionedTarget, body: unknown): Promise<ScimUserRow> {
    const resource = readResource(USER_SHAPE, body);
    const namesRoles = isObject(body) && valueNamed(body, 'roles') !== undefined;
    return this.change(principal, target, { kind: 'replace', resource, namesRoles });
  }

  /** A change without effect takes no lock. @throws VersionMismatch, ScimError, ScimResourceNotFound, and the errors of `ScimTokenScope` */
  patch(principal: ScimPrincipal, target: VersionedTarget, body: unknown): Promise<ScimUserRow> {
    return this.change(principal, target, { kind: 'patch', edits: readPatch(USER_SHAPE, body) });
  }

  /**
   * Removes the user from the organization (docs/contract/scim.md#users); the SCIM user and its group memberships go by cascade.
   * @throws LastAdminRequired, VersionMismatch, ScimResourceNotFound, and the errors of `ScimTokenScope`
   */
  remove(principal: ScimPrincipal, target: VersionedTarget): Promise<void> {
    return this.underLock(principal, target, async (row) => {
      const details = await this.access.remove(principal, row);
      await this.accounts.removeIfSolelyHeld(row);
      await this.audit.record(principal, 'delete_scim_user', [row.id, row.userId], { details });
    });
  }

  /** `left`: attributes that stay as they were if the user is inactive afterwards (docs/contract/scim.md#users). */
  private async change(
    principal: ScimPrincipal,
    target: VersionedTarget,
    edit: UserEdit,
    left: readonly string[] = [],
  ): Promise<ScimUserRow> {
    const current = await this.get(principal, target.id);
    assertVersion(current, target);
    const changeOf = (row: ScimUserRow) => this.changeOf(principal, row, edit, left);
    try {
      if (!(await changeOf(current))) return current;
      await this.accounts.loadIssuer();
      await this.underLock(principal, target, async (row) => {
        const change = await changeOf(row); // again, after waiting for a concurrent change
        if (change) await this.write(principal, row, change);
      });
    } catch (error) {
      const refused = error instanceof ScimError && error.attributes.find((name) => !left.includes(name));
      if (!refused || !leavesInactive(current, edit)) throw error;
      return this.change(principal, target, edit, [...left, refused]);
    }
    return this.get(principal, target.id);
  }

  private async write(principal: ScimPrincipal, row: ScimUserRow, change: ProfileChange): Promise<void> {
    const { before, after, changed, givesRoles } = change;
    const areConfirmed = changed.includes('roles')
      ? givesRoles || principal.makesAdmins
      : row.rolesAreConfirmed;
    await this.users.update(row, { ...after, rolesAreConfirmed: areConfirmed });
    if (after.email !== before.email)
      await this.users.assertSoleHolders(row.orgId, [{ userId: row.userId, email: after.email }]);
    const entryId = newId();
    const details = await this.apply(principal, { ...row, auditEntryId: entryId }, change);
    await this.audit.record(principal, 'update_scim_user', [row.id, row.userId], { details, entryId });
  }

  private underLock(
    principal: ScimPrincipal,
    target: VersionedTarget,
    work: (row: ScimUserRow) => Promise<void>,
  ): Promise<void> {
    return this.transaction.as(principal, async () => {
      const row = existing(UUID.test(target.id) ? await this.users.lock(principal.orgId, target.id) : null);
      assertVersion(row, target);
      await work(row);
    });
  }

  private async apply(
    principal: ScimPrincipal,
    row: ScimUserRow & { readonly auditEntryId: string },
    { before, after, changed, left, givesRoles }: ProfileChange,
  ) {
    const { userId } = row;
    await this.access.assertMayChange(principal, userId, row.madeAccount && !sameLogin(before, after));
    const disabled =
      before.active && after.active === false
        ? [{ userId, emails: [...before.emails, ...after.emails] }]
        : [];
    const revoked = await this.access.disable(principal, disabled);
    if (!before.active && after.active) await this.access.enable(principal, userId);
    const roles = givesRoles ? await this.access.roles.apply(principal, [row]) : {};
    const emailIsTaken = await this.accounts.applyProfileChange(row, before, after); // memberships first, as in sign-in
    const movedEmails = after.email === before.email ? [] : [{ userId, emails: [after.email] }];
    const replaced = await this.access.endInvitations(principal, movedEmails); // no user is pending and a member
    return {
      changed: [...changed],
      ...(left.length === 0 ? {} : { left_unchanged: [...left] }),
      ...(after.active === before.active ? {} : { active: after.active === true }),
      ...(emailIsTaken ? { account_email: 'held_by_another' } : {}),
      ...membershipFacts(roles),
      ...revokedDetails(row, revoked, replaced),
    };
  }

  /** Null if the edit changes nothing. @throws ScimError */
  private async changeOf(
    principal: ScimPrincipal,
    row: ScimUserRow,
    edit: UserEdit,
    left: readonly string[],
  ): Promise<ProfileChange | null> {
    const written = toEditableResource(row);
    const before = profileOf(written);
    const kept = leavesInactive(row, edit) ? left.filter((name) => concerns(edit, name, written)) : [];
    const { resource, givesRoles } = await this.access.roles.edited(
      principal,
      written,
      kept.reduce((rest, name) => without(rest, name, written), edit),
    );
    const edited = profileOf(resource);
    const keepsActive = row.hasEnded || edited.active === null; // or absent
    const after = { ...edited, active: keepsActive ? before.active : edited.active };
    const changed = changedNames(before, after);
    if (changed.length === 0) return null;
    return { before, after, changed, left: kept, givesRoles: givesRoles && changed.includes('roles') };
  }
}

/** An account that SCIM created is found at sign-in by these values, so it follows them. */
const sameLogin = (before: UserProfile, after: UserProfile): boolean =>
  before.externalId === after.externalId && before.email === after.email;
