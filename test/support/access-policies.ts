import type { OrgWithAdmin, Person } from './fixtures.js';

export const POLICIES = '/v1/platform/orgs/current/access-policies';
export const CHECK = '/api/v1/orgs/current/access/check';

/** Matches data sets with the tag `Team: A`. */
export const TEAM_A = {
  permission: 'datasets:read',
  resource_type: 'dataset',
  conditions: [
    {
      attribute_name: 'resource_tag_key',
      attribute_key: 'Team',
      operator: 'equals',
      attribute_value: 'A',
    },
  ],
};

let made = 0;

/** The body of a policy with a unique name. */
export const policyBody = (parts: Record<string, unknown> = {}) => ({
  name: `Policy ${++made}`,
  effect: 'allow',
  condition_groups: [TEAM_A],
  ...parts,
});

/** Creates a policy as the organization's admin; returns its id. */
export async function policy(
  { admin }: Pick<OrgWithAdmin, 'admin'>,
  parts: Record<string, unknown> = {},
): Promise<string> {
  const { status, body } = await admin.api.post(POLICIES, policyBody(parts));
  if (status !== 201) throw new Error(`making a policy: ${status} ${JSON.stringify(body)}`);
  return body.id;
}

export const attach = (person: Pick<Person, 'api'>, roleId: string, policyIds: unknown) =>
  person.api.post(`${POLICIES}/roles/${roleId}/access-policies`, { access_policy_ids: policyIds });

/** A condition about a permission that Editors do not hold. */
export const SHARE = { ...TEAM_A, permission: 'datasets:share' };
