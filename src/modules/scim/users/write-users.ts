import { Injectable } from '@nestjs/common';
import type { ScimPrincipal } from '../../../common/access/principal.js';
import { applyEdits } from '../protocol/patch.js';
import { readPatch } from '../protocol/patch-request.js';
import { readResource } from '../protocol/resource.js';
import { USER_SHAPE } from '../protocol/user-schema.js';
import type { VersionedTarget } from '../assert-version.js';
import { ChangeUser } from './change-user.js';
import { CreateUser } from './create-user.js';
import { RemoveUser } from './remove-user.js';
import type { ScimUserRow } from './scim-users.repository.js';

/** Executes writes from SCIM request bodies, for single requests and bulk operations. */
@Injectable()
export class WriteUsers {
  constructor(
    private readonly createUser: CreateUser,
    private readonly changeUser: ChangeUser,
    private readonly removeUser: RemoveUser,
  ) {}

  create(principal: ScimPrincipal, body: unknown): Promise<ScimUserRow> {
    return this.createUser.run(principal, readResource(USER_SHAPE, body));
  }

  replace(principal: ScimPrincipal, target: VersionedTarget, body: unknown): Promise<ScimUserRow> {
    const resource = readResource(USER_SHAPE, body);
    return this.changeUser.run(principal, target, () => resource);
  }

  patch(principal: ScimPrincipal, target: VersionedTarget, body: unknown): Promise<ScimUserRow> {
    const edits = readPatch(USER_SHAPE, body);
    return this.changeUser.run(principal, target, (before) => applyEdits(before, edits));
  }

  remove(principal: ScimPrincipal, target: VersionedTarget): Promise<void> {
    return this.removeUser.run(principal, target);
  }
}
