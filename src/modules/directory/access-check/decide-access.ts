import { Injectable } from '@nestjs/common';
import type { WorkspacePermission } from '../../../common/access/permissions.js';
import { decideAccess, type AccessDecision, type AccessQuery } from '../../policies/index.js';
import { heldRole } from '../../roles/index.js';
import {
  AccessFacts,
  type AccessFactRows,
  type AccessSubject,
  type Holder,
  type NamedPolicy,
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

type Named = { readonly id: string; readonly name: string };
/** A role in the workspace; `group`: the user group that gives it, null for the own role. */
type RoleInWorkspace = { readonly role: Named; readonly group: Named | null };

export type DecidedAccess = AccessDecision & {
  /** Null: unknown here, or not of the organization. */
  readonly holder: Holder | null;
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
  private readonly holders: ReadonlyMap<string | undefined, Holder>;
  private readonly groups: ReadonlyMap<string | undefined, readonly AccessFactRows['groups'][number][]>;
  private readonly roles: ReadonlyMap<string, AccessFactRows['roles'][number]>;
  private readonly tags: ReadonlyMap<string | undefined, readonly AccessFactRows['tags'][number][]>;

  constructor(
    private readonly rows: AccessFactRows,
    places: readonly string[],
    resources: readonly string[],
  ) {
    this.holders = new Map(rows.holders.map((holder) => [places[holder.place - 1], holder]));
    this.groups = Map.groupBy(rows.groups, ({ place }) => places[place - 1]);
    this.roles = new Map(rows.roles.map((role) => [role.id, role]));
    this.tags = Map.groupBy(rows.tags, ({ resource }) => resources[resource - 1]);
  }

  decide(question: AccessQuestion): DecidedAccess {
    const { permission } = question;
    const holder = this.holders.get(placeOf(question)) ?? null;
    const own = this.roles.get(holder?.roleId ?? '');
    const role = own ? named(own) : null;
    if (!holder?.isActive || !own || !role || permission === null)
      return { ...NOT_GRANTED, holder, role, permittedBy: [], policy: null };
    const groups = this.groups.get(placeOf(question)) ?? [];
    const held = [
      { content: own, group: null },
      ...groups.map(({ id, name, roleId }) => ({ content: this.roles.get(roleId), group: { id, name } })),
    ].flatMap(({ content, group }) => (content ? [{ content, group }] : []));
    const attached = new Set(
      [...held.map(({ content }) => content), ...groups].flatMap((one) => one.policyIds),
    );
    const policies: readonly NamedPolicy[] = this.rows.policies.filter(({ id }) => attached.has(id));
    const permittedBy = held
      .filter(({ content }) => heldRole(content.id, content.permissions)?.permissions.has(permission))
      .map(({ content, group }) => ({ role: named(content), group }));
    const permissions = permittedBy.length > 0 ? [permission] : [];
    const decision = decideAccess({ permissions }, policies, {
      permission,
      resource: this.resourceOf(question),
    });
    const policy = policies.find(({ id }) => id === decision.policyId) ?? null;
    return { ...decision, holder, role, permittedBy, policy };
  }

  private resourceOf(question: AccessQuestion): AccessQuery['resource'] {
    const { resource } = question;
    if (!resource || 'tags' in resource) return resource;
    const ofResource = Map.groupBy(this.tags.get(resourceOf(question)) ?? [], ({ key }) => key);
    const tags = new Map([...ofResource].map(([key, found]) => [key, found.map(({ value }) => value)]));
    return { type: resource.type, tags };
  }
}

const named = ({ id, displayName }: AccessFactRows['roles'][number]): Named => ({ id, name: displayName });
