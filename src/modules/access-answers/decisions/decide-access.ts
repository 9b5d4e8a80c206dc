import { Injectable } from '@nestjs/common';
import type { WorkspacePermission } from '../../../common/access/permissions.js';
import { getOrThrow } from '../../../common/collections.js';
import { decideAccess, type AccessDecision, type AccessQuery } from '../../policies/index.js';
import { heldRole } from '../../roles/index.js';
import {
  AccessFacts,
  type AccessFactRows,
  type AccessSubject,
  type Named,
} from './access-facts.read-model.js';

/** A resource with its tags, or with an id by which they are looked up. */
type Resource = NonNullable<AccessQuery['resource']> | { readonly type: string; readonly id: string };

export type AccessQuestion = {
  readonly subject: AccessSubject;
  readonly workspaceId: string;
  /** Null: one that there is not, which is never granted. */
  readonly permission: WorkspacePermission | null;
  /** Without a resource, only the roles decide. */
  readonly resource: Resource | null;
};

/** A role in the workspace; `group`: the user group that gives it, null for the own role. */
type RoleInWorkspace = { readonly role: Named; readonly group: Named | null };

export type DecidedAccess = AccessDecision & {
  /** The own role in the workspace, whether or not it decided. */
  readonly role: Named | null;
  /** The roles that hold the permission, whether or not they decided. */
  readonly permittedBy: readonly RoleInWorkspace[];
  readonly policy: Named | null;
};

/**
 * Decides whether a user, a service account or a service key may do something with a resource of a workspace: by their
 * roles there, their own and those of user groups, and by the policies attached to these. All answers about access come
 * from here.
 */
@Injectable()
export class DecideAccess {
  constructor(private readonly facts: AccessFacts) {}

  /** In the order of the questions, which share one statement. */
  async decide(orgId: string, questions: readonly AccessQuestion[]): Promise<DecidedAccess[]> {
    const places = new Map(questions.map((question) => [placeOf(question), question]));
    const resources = new Map(
      questions.flatMap((question) => {
        const { resource, workspaceId } = question;
        return resource && 'id' in resource
          ? [[resourceOf(question), { workspaceId, ...resource }] as const]
          : [];
      }),
    );
    const rows = await this.facts.load(orgId, [...places.values()], [...resources.values()]);
    const facts = new LoadedFacts(rows, [...places.keys()], [...resources.keys()]);
    return questions.map((question) => facts.decide(question));
  }
}

const placeOf = ({ subject, workspaceId }: AccessQuestion): string =>
  `${subject.kind} ${'id' in subject ? subject.id : subject.email} ${workspaceId}`;

const resourceOf = ({ resource, workspaceId }: AccessQuestion): string =>
  resource && 'id' in resource ? `${workspaceId} ${resource.type} ${resource.id}` : '';

/** Policies apply to holders of a role in the workspace only. */
const NOT_GRANTED: AccessDecision = { allowed: false, reason: 'not_granted', policyId: null };

/** `places` and `resources`: the keys of the questions in the order in which they were loaded. */
class LoadedFacts {
  private readonly held: ReadonlyMap<string | undefined, readonly AccessFactRows['held'][number][]>;
  private readonly roles: ReadonlyMap<string, AccessFactRows['roles'][number]>;
  private readonly tags: ReadonlyMap<string | undefined, readonly AccessFactRows['tags'][number][]>;

  constructor(
    private readonly rows: AccessFactRows,
    places: readonly string[],
    resources: readonly string[],
  ) {
    this.held = Map.groupBy(rows.held, ({ place }) => places[place - 1]);
    this.roles = new Map(rows.roles.map((role) => [role.id, role]));
    this.tags = Map.groupBy(rows.tags, ({ resource }) => resources[resource - 1]);
  }

  decide(question: AccessQuestion): DecidedAccess {
    const { permission } = question;
    const rows = this.held.get(placeOf(question)) ?? [];
    const held = rows.map((row) => ({ ...row, role: getOrThrow(this.roles, row.roleId) }));
    const own = held.find(({ group }) => group === null);
    const role = own ? named(own.role) : null;
    if (!own || own.isDisabled || permission === null)
      return { ...NOT_GRANTED, role, permittedBy: [], policy: null };
    const attached = new Set(
      held.flatMap(({ role: { policyIds }, ...row }) => [...policyIds, ...row.policyIds]),
    );
    const policies = this.rows.policies.filter(({ id }) => attached.has(id));
    const permittedBy = held
      .filter(({ role: { id, permissions } }) => heldRole(id, permissions)?.permissions.has(permission))
      .map(({ role: by, group }) => ({ role: named(by), group }));
    const decision = decideAccess({ permissions: permittedBy.length > 0 ? [permission] : [] }, policies, {
      permission,
      resource: this.resourceOf(question),
    });
    const policy = policies.find(({ id }) => id === decision.policyId) ?? null;
    return { ...decision, role, permittedBy, policy };
  }

  private resourceOf(question: AccessQuestion): AccessQuery['resource'] {
    const { resource } = question;
    if (!resource || 'tags' in resource) return resource;
    return { type: resource.type, tags: valuesByKey(this.tags.get(resourceOf(question)) ?? []) };
  }
}

export const valuesByKey = (tags: readonly { readonly key: string; readonly value: string }[]) =>
  new Map(
    [...Map.groupBy(tags, ({ key }) => key)].map(([key, found]) => [key, found.map(({ value }) => value)]),
  );

const named = ({ id, name }: Named): Named => ({ id, name });
