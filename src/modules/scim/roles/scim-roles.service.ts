import { Injectable } from '@nestjs/common';
import type { ScimPrincipal } from '../../../common/access/principal.js';
import { createdBy, type MembershipChanges } from '../../members/index.js';
import { OrgsRepository } from '../../orgs/index.js';
import { ScimResourceNotFound } from '../http/errors.js';
import type { ListRequest } from '../protocol/list.js';
import { applyEdits } from '../protocol/patch.js';
import type { Resource } from '../protocol/resource.js';
import type { JsonObject } from '../protocol/value.js';
import { ProvisionedRoles } from './provisioned-roles.js';
import {
  isRolesEdit,
  requireRoleValues,
  type RoleNames,
  selectingById,
  textsIn,
  textsInEdit,
} from './role-values.js';
import { type ScimRole, ScimRolesRepository } from './scim-roles.repository.js';
import type { UserEdit } from './user-edit.js';

type GivenTo = { readonly id: string; readonly userId: string; readonly auditEntryId: string };

/** Roles as resources and as the attribute of users, where the organization says so (docs/contract/scim.md#roles). */
@Injectable()
export class ScimRolesService {
  constructor(
    private readonly orgs: OrgsRepository,
    private readonly roles: ScimRolesRepository,
    private readonly provisioned: ProvisionedRoles,
  ) {}

  /** @throws ScimResourceNotFound */
  async get({ orgId }: ScimPrincipal, id: string): Promise<ScimRole> {
    const role = await this.roles.find(orgId, id);
    if (!role) throw new ScimResourceNotFound();
    return role;
  }

  /** `base` is the URL of SCIM as the client sees it. @throws ScimError */
  list({ orgId }: ScimPrincipal, request: ListRequest, base: string) {
    return this.roles.page(orgId, request, base);
  }

  /**
   * The user after the edit, and whether `roles` has an effect; false if the edit does not concern them.
   * @throws ScimError, invalidValue also for a role that cannot be given
   */
  async edited(
    orgId: string,
    before: Resource,
    edit: UserEdit,
  ): Promise<{ resource: Resource; givesRoles: boolean }> {
    if (!concernsRoles(before, edit) || !(await this.areEnabled(orgId)))
      return { resource: resultOf(before, edit), givesRoles: false };
    const names = await this.roles.findNamed(orgId, [...textsIn(before.roles), ...textsOf(edit)]);
    const resource = resultWithRoles(before, edit, names);
    return { resource: withRoles(resource, requireRoleValues(resource.roles, names)), givesRoles: true };
  }

  /** Attributes of new users, with roles by id. @throws ScimError invalidValue for a role that cannot be given */
  async read(orgId: string, users: readonly JsonObject[]): Promise<readonly JsonObject[]> {
    const names = await this.roles.findNamed(
      orgId,
      users.flatMap(({ roles }) => textsIn(roles)),
    );
    return users.map((attributes) => withRoles(attributes, requireRoleValues(attributes.roles, names)));
  }

  /**
   * What the stored roles of these users give now. Callers hold the roster lock and record the changes.
   * @throws LastAdminRequired, and the errors of `ScimTokenScope.assertMayGrant`
   */
  async apply(principal: ScimPrincipal, users: readonly GivenTo[]): Promise<MembershipChanges> {
    const entries = new Map(users.map(({ userId, auditEntryId }) => [userId, auditEntryId]));
    const ids = users.map(({ id }) => id);
    const { changes } = await this.provisioned.update(principal, principal.orgId, ids, (userId) =>
      createdBy(principal, 'scim_user', entries.get(userId) ?? ''),
    );
    return changes;
  }

  private async areEnabled(orgId: string): Promise<boolean> {
    return (await this.orgs.get(orgId)).scimRolesEnabled;
  }
}

const concernsRoles = (before: Resource, edit: UserEdit): boolean =>
  edit.kind === 'patch'
    ? edit.edits.some(isRolesEdit)
    : before.roles !== undefined || edit.resource.roles !== undefined;

const textsOf = (edit: UserEdit): string[] =>
  edit.kind === 'patch' ? edit.edits.filter(isRolesEdit).flatMap(textsInEdit) : textsIn(edit.resource.roles);

/** `roles` has no effect. */
const resultOf = (before: Resource, edit: UserEdit): Resource =>
  edit.kind === 'patch' ? applyEdits(before, edit.edits) : edit.resource;

/** A complete resource without `roles` leaves them. */
function resultWithRoles(before: Resource, edit: UserEdit, names: RoleNames): Resource {
  if (edit.kind === 'patch')
    return applyEdits(
      before,
      edit.edits.map((one) => (isRolesEdit(one) ? selectingById(one, names) : one)),
    );
  const { resource, namesRoles } = edit;
  return namesRoles || before.roles === undefined ? resource : { ...resource, roles: before.roles };
}

function withRoles(attributes: JsonObject, kept: readonly JsonObject[]): JsonObject {
  const others = Object.entries(attributes).filter(([name]) => name !== 'roles');
  return { ...Object.fromEntries(others), ...(kept.length > 0 ? { roles: [...kept] } : {}) };
}
