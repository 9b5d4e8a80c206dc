import { Injectable } from '@nestjs/common';
import type { ScimPrincipal } from '../../../common/access/principal.js';
import { createdBy, type MembershipChanges } from '../../members/index.js';
import { OrgsRepository } from '../../orgs/index.js';
import { existing } from '../http/errors.js';
import { applyEdits } from '../protocol/patch.js';
import type { Resource } from '../protocol/resource.js';
import type { Json, JsonObject } from '../protocol/value.js';
import type { PageRequest } from '../query/scim-pages.read-model.js';
import { ProvisionedRoles } from './provisioned-roles.js';
import {
  applyToRoles,
  confirmedNames,
  type IgnoredValue,
  isRolesEdit,
  readRoleValues,
  type RoleNames,
  selectingById,
  textsIn,
  textsInEdit,
  valuesOf,
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
    return existing(await this.roles.find(orgId, id));
  }

  /** @throws ScimError */
  list({ orgId }: ScimPrincipal, request: PageRequest) {
    return this.roles.page(orgId, request);
  }

  /** The user after the edit, and whether `roles` has an effect; false if the edit does not concern them. @throws ScimError */
  async edited(
    principal: ScimPrincipal,
    before: Resource,
    edit: UserEdit,
  ): Promise<{ resource: Resource; givesRoles: boolean }> {
    const { orgId } = principal;
    if (!concernsRoles(before, edit) || !(await this.orgs.get(orgId)).scimRolesEnabled)
      return { resource: resultOf(before, edit), givesRoles: false };
    const found = await this.roles.findNamed(orgId, [...textsIn(before.roles), ...textsOf(edit)]);
    const names = confirmedNames(found, before.roles);
    const resource = resultWithRoles(before, edit, names);
    return { resource: withRoles(principal, resource, names, textsIn(before.roles)), givesRoles: true };
  }

  /** Attributes of new users, with roles by id. */
  async read(principal: ScimPrincipal, users: readonly JsonObject[]): Promise<readonly JsonObject[]> {
    const names = await this.roles.findNamedIn(principal.orgId, users);
    return users.map((attributes) => withRoles(principal, attributes, names));
  }

  /** What their stored roles give now; callers hold the roster lock. @throws LastAdminRequired, and as `ScimTokenScope.assertMayGrant` */
  async apply(principal: ScimPrincipal, users: readonly GivenTo[]): Promise<MembershipChanges> {
    const entries = new Map(users.map(({ userId, auditEntryId }) => [userId, auditEntryId]));
    const ids = users.map(({ id }) => id);
    const { changes } = await this.provisioned.update(principal, principal.orgId, ids, (userId) =>
      createdBy(principal, 'scim_user', entries.get(userId) ?? ''),
    );
    return changes;
  }

  /** Why stored values of `roles` give nothing, of each of these rows. */
  async readIgnored<Row extends { readonly roles: Json }>(
    orgId: string,
    rows: readonly Row[],
  ): Promise<(row: Row) => IgnoredValue[]> {
    const names = await this.roles.findNamedIn(orgId, rows);
    return ({ roles }) => [...readRoleValues(roles, confirmedNames(names, roles)).ignored];
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
  if (edit.kind === 'patch') {
    const edits = edit.edits.map((one) => (isRolesEdit(one) ? selectingById(one, names) : one));
    return applyToRoles(before, edits);
  }
  const { resource, namesRoles } = edit;
  return namesRoles || before.roles === undefined ? resource : { ...resource, roles: before.roles };
}

/** A token with the reach of an operator adds no value that could give more than that later. */
function withRoles(
  { makesAdmins }: ScimPrincipal,
  { roles, ...others }: JsonObject,
  names: RoleNames,
  stored: readonly string[] = [],
): JsonObject {
  const { kept } = readRoleValues(roles, names);
  const values = valuesOf(
    kept.filter(({ role, text }) => role !== null || makesAdmins || stored.includes(text)),
  );
  return values.length > 0 ? { ...others, roles: values } : others;
}
