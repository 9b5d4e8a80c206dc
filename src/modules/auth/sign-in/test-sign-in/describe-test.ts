import { Injectable } from '@nestjs/common';
import { DomainError } from '../../../../common/errors/domain-error.js';
import { Config } from '../../../../config/config.js';
import { awaitAll } from '../../../../database/transactions/unit-of-work.js';
import type { SignInRequirement } from '../../../orgs/index.js';
import { RolesService } from '../../../roles/index.js';
import { WorkspacesService } from '../../../workspaces/index.js';
import { type SsoIdentity, subjectClaim } from '../../oidc/index.js';
import { type Memberships, type Rehearsal, RehearseSignIn } from '../provisioning/rehearse-sign-in.js';
import { valueAt } from '../provisioning/resolve-claimed-groups.js';
import type { SignInContext } from '../provisioning/sign-in-context-loader.js';
import { SignInRefused } from '../provisioning/sign-in.errors.js';
import {
  type ClaimUse,
  failed,
  type TestClaim,
  type TestGroup,
  type TestOutcome,
  type TestRight,
  toFailure,
  WAITING,
} from './test-outcome.js';

type Names = { readonly of: (id: string) => string };

@Injectable()
export class DescribeTest {
  constructor(
    private readonly rehearseSignIn: RehearseSignIn,
    private readonly roles: RolesService,
    private readonly workspaces: WorkspacesService,
    private readonly config: Config,
  ) {}

  async run(identity: SsoIdentity, orgId: string, requirement: SignInRequirement): Promise<TestOutcome> {
    try {
      const rehearsal = await this.rehearseSignIn.run(identity, orgId, requirement);
      return this.describe(identity, rehearsal, await this.namesIn(orgId));
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      return { ...failed(error), ...this.claimsOf(identity, null) }; // data were changed at the same moment
    }
  }

  private describe(identity: SsoIdentity, rehearsal: Rehearsal, names: Names): TestOutcome {
    const { context, decision, before, after } = rehearsal;
    const { person, provisioning } = context;
    const decided: Partial<TestOutcome> =
      'refusal' in decision
        ? { status: 'refused', failure: toFailure(new SignInRefused({ ...decision, ...person })) }
        : { status: 'passed', ...decision, defaults: decision.rule === 'jit' ? provisioning.source : null };
    return {
      ...WAITING,
      ...decided,
      ...this.claimsOf(identity, provisioning.groups?.claimField ?? null),
      userId: person.user?.id ?? null,
      rights: rightsOf(before, after, names),
      groupsState: groupsStateOf(context),
      groups: groupsOf(context, names),
    };
  }

  private async namesIn(orgId: string): Promise<Names> {
    const [roles, workspaces] = await awaitAll([
      this.roles.listForOrg(orgId),
      this.workspaces.listByOrg(orgId),
    ]);
    const names = new Map([...roles, ...workspaces].map(({ id, displayName }) => [id, displayName]));
    return { of: (id) => names.get(id) ?? id }; // deleted since
  }

  /** Those that a sign-in reads; of all others the names. */
  private claimsOf(
    { issuer, subject, claims, authentication }: SsoIdentity,
    groupsClaim: string | null,
  ): Pick<TestOutcome, 'claims' | 'otherClaims'> {
    const uses: [ClaimUse, string][] = [
      ['subject', subjectClaim(issuer, this.config.sso?.subjectClaimOverrides ?? {})],
      ...(this.config.sso?.emailClaims ?? []).map((name): [ClaimUse, string] => ['email', name]),
      ['email_verified', 'email_verified'],
      ['name', 'name'],
      ['given_name', 'given_name'],
      ['family_name', 'family_name'],
      ['username', 'preferred_username'],
    ];
    if (groupsClaim !== null) uses.push(['groups', groupsClaim]);
    uses.push(['acr', 'acr'], ['amr', 'amr'], ['auth_time', 'auth_time']);
    const { acr, amr, authenticatedAt } = authentication;
    const ofIdToken: { [Use in ClaimUse]?: unknown } = {
      subject,
      acr,
      amr,
      auth_time: authenticatedAt?.toISOString(),
    };
    const read = uses.map(([usedFor, name]): TestClaim => {
      const value = usedFor in ofIdToken ? ofIdToken[usedFor] : valueAt(claims, name);
      return { usedFor, name, value: textOf(value) };
    });
    const isRead = (name: string) => uses.some(([, claim]) => claim === name);
    return {
      claims: read,
      otherClaims: Object.keys(claims)
        .filter((name) => !isRead(name))
        .sort(),
    };
  }
}

function textOf(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

type Membership = Pick<TestRight, 'workspaceId' | 'roleId' | 'source'>;

function rightsOf(before: Memberships, after: Memberships, names: Names): TestRight[] {
  const [had, has] = [membershipsIn(before), membershipsIn(after)];
  const find = (list: readonly Membership[], { workspaceId }: Membership) =>
    list.find((other) => other.workspaceId === workspaceId);
  const changeOf = (now: Membership) => {
    const earlier = find(had, now);
    if (!earlier) return 'added';
    return earlier.roleId === now.roleId ? 'unchanged' : 'changed';
  };
  const changes = [
    ...has.map((now) => [now, changeOf(now)] as const),
    ...had.filter((earlier) => !find(has, earlier)).map((earlier) => [earlier, 'removed'] as const),
  ];
  return changes.map(([{ workspaceId, roleId, source }, change]) => ({
    workspaceId,
    workspaceName: workspaceId && names.of(workspaceId),
    roleId,
    roleName: names.of(roleId),
    source,
    change,
  }));
}

const membershipsIn = ({ org, workspaces }: Memberships): Membership[] => [
  ...(org ? [{ workspaceId: null, roleId: org.roleId, source: org.source }] : []),
  ...workspaces,
];

function groupsStateOf({ provisioning, groups }: SignInContext): TestOutcome['groupsState'] {
  if (!provisioning.groups) return 'off';
  if (!groups) return 'not_sent';
  return provisioning.groups.grantRoles ? 'with_roles' : 'without_roles';
}

const groupsOf = ({ groups }: SignInContext, names: Names): TestGroup[] =>
  (groups?.names ?? []).map(({ name, meaning, isFollowed }) => {
    const target = meaning.kind === 'workspace' ? meaning : null;
    return {
      name,
      meaning: meaning.kind,
      workspaceId: target && target.workspaceId,
      workspaceName: target && names.of(target.workspaceId),
      roleId: target && target.roleId,
      roleName: target && names.of(target.roleId),
      isFollowed,
    };
  });
