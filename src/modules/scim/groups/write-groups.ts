import { Injectable } from '@nestjs/common';
import type { ScimPrincipal } from '../../../common/access/principal.js';
import type { VersionedTarget } from '../assert-version.js';
import { ChangeGroup } from './change-group.js';
import { CreateGroup } from './create-group.js';
import { editFromPatch, editFromResource } from './group-edit.js';
import { RemoveGroup } from './remove-group.js';

/** Executes writes from SCIM request bodies, for single requests and bulk operations. */
@Injectable()
export class WriteGroups {
  constructor(
    private readonly createGroup: CreateGroup,
    private readonly changeGroup: ChangeGroup,
    private readonly removeGroup: RemoveGroup,
  ) {}

  /** Returns the id. */
  create(principal: ScimPrincipal, body: unknown): Promise<string> {
    return this.createGroup.run(principal, editFromResource(body));
  }

  replace(principal: ScimPrincipal, target: VersionedTarget, body: unknown): Promise<void> {
    return this.changeGroup.run(principal, target, editFromResource(body));
  }

  patch(principal: ScimPrincipal, target: VersionedTarget, body: unknown): Promise<void> {
    return this.changeGroup.run(principal, target, editFromPatch(body));
  }

  remove(principal: ScimPrincipal, target: VersionedTarget): Promise<void> {
    return this.removeGroup.run(principal, target);
  }
}
