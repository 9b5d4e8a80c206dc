import { type OrgWithAdmin, role } from './fixtures.js';

export const SSO_SETTINGS = '/api/v1/orgs/current/sso-settings';

/** A body that is accepted: the first workspace, as Editor. */
export const ssoBody = ({ workspaceId }: OrgWithAdmin, more: Record<string, unknown> = {}) => ({
  default_workspace_role_id: role('WORKSPACE_USER'),
  default_workspace_ids: [workspaceId],
  ...more,
});

/** Creates the settings of the organization as its admin. */
export async function ssoSettings(org: OrgWithAdmin, more: Record<string, unknown> = {}) {
  const { status, body } = await org.admin.api.post(SSO_SETTINGS, ssoBody(org, more));
  if (status !== 201) throw new Error(`making SSO settings: ${status} ${JSON.stringify(body)}`);
  return body as {
    id: string;
    provider_id: string;
    default_workspace_ids: string[];
    [field: string]: unknown;
  };
}
