import { Injectable } from '@nestjs/common';
import type { ScimPrincipal } from '../../../common/access/principal.js';
import { BatchQueue } from '../../../common/background/batch-queue.js';
import { UUID } from '../../../common/http/operations/value-checks.js';
import { ScimResourceNotFound } from '../http/errors.js';
import type { ListRequest } from '../protocol/list.js';
import { readPatch } from '../protocol/patch-request.js';
import { applyEdits } from '../protocol/patch.js';
import { assertVersion, type VersionedTarget, readResource } from '../protocol/resource.js';
import { USER_SHAPE } from '../protocol/schemas.js';
import { ChangeUser, changeOf, type UserEdit } from './change-user.js';
import { CreateUsers, type NewScimUser } from './create-users.js';
import { LinkedIssuer } from './linked-issuer.js';
import { ScimUsersRepository, type ScimUserRow } from './scim-users.repository.js';
import { profileOf } from './user-profile.js';

/**
 * Users of one organization; an id that is not a UUID is unknown. Bodies are those of SCIM requests, alone or in a bulk
 * request.
 */
@Injectable()
export class ScimUsersService {
  private readonly creations: BatchQueue<NewScimUser, ScimUserRow>;

  constructor(
    private readonly users: ScimUsersRepository,
    private readonly issuer: LinkedIssuer,
    createUsers: CreateUsers,
    private readonly changeUser: ChangeUser,
  ) {
    this.creations = new BatchQueue((newUsers) => createUsers.run(newUsers));
  }

  /** @throws ScimResourceNotFound */
  async get({ orgId }: ScimPrincipal, id: string): Promise<ScimUserRow> {
    const found = UUID.test(id) ? await this.users.find(orgId, id) : null;
    if (!found) throw new ScimResourceNotFound();
    return found;
  }

  list({ orgId }: ScimPrincipal, request: ListRequest, options: { base: string; withGroups: boolean }) {
    return this.users.page(orgId, request, options);
  }

  /**
   * Adds a user to the organization, or takes over one who is already a member.
   * @throws SeatLimitReached, ScimError uniqueness
   */
  async create(principal: ScimPrincipal, body: unknown): Promise<ScimUserRow> {
    const profile = profileOf(readResource(USER_SHAPE, body));
    await this.issuer.load();
    return this.creations.enqueue(principal.credential.id, { principal, profile }); // recognized once for the batch
  }

  /** @throws as `patch` does */
  replace(principal: ScimPrincipal, target: VersionedTarget, body: unknown): Promise<ScimUserRow> {
    const resource = readResource(USER_SHAPE, body);
    return this.change(principal, target, () => resource);
  }

  /**
   * Changes the user completely or not at all; a change without effect writes nothing and takes no lock.
   * @throws VersionMismatch, ScimError, ScimResourceNotFound, and the errors of `ScimTokenScope`
   */
  patch(principal: ScimPrincipal, target: VersionedTarget, body: unknown): Promise<ScimUserRow> {
    const edits = readPatch(USER_SHAPE, body);
    return this.change(principal, target, (before) => applyEdits(before, edits));
  }

  /** @throws LastAdminRequired, VersionMismatch, ScimResourceNotFound, and the errors of `ScimTokenScope` */
  remove(principal: ScimPrincipal, target: VersionedTarget): Promise<void> {
    return this.changeUser.remove(principal, target);
  }

  private async change(
    principal: ScimPrincipal,
    target: VersionedTarget,
    edit: UserEdit,
  ): Promise<ScimUserRow> {
    const current = await this.get(principal, target.id);
    assertVersion(current, target);
    if (!changeOf(current, edit)) return current;
    await this.issuer.load();
    await this.changeUser.change(principal, target, edit);
    return this.get(principal, target.id);
  }
}
