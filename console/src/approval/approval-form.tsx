import { Alert, Button, Group, List, NativeSelect, Stack, Text } from '@mantine/core';
import { ApiError } from '@tenantry/client';
import { useState } from 'react';
import { Problem } from '../common/problem';
import { Facts } from '../common/settings-card';
import { useEmail } from '../session/use-login-methods';
import { type Organization, useSession } from '../session/use-session';
import { useWorkspaces } from '../session/use-workspaces';
import { usePageTexts } from '../texts/texts';
import { approvalTexts } from './texts';
import type { Place } from './use-approval';

type Fact = readonly [label: string, value: string];

type Props = {
  facts: readonly Fact[];
  caution: string;
  scopes: readonly string[];
  /** The only organization for which it can be approved; null: any of the person. */
  orgId: string | null;
  /** Chosen at first. */
  suggested?: string | undefined;
  isPending: boolean;
  error: Error | null;
  /** Another organization was chosen. */
  onChange: () => void;
  onAllow: (place: Place) => void;
  /** Without a place, where the person is in no organization. */
  onDeny: (place: Place | null) => void;
};

/** Who asks, for which organization, and what is given; then Allow and Deny. */
export function ApprovalForm({ orgId: fixed, isPending, error, ...props }: Props) {
  const texts = usePageTexts(approvalTexts);
  const organizations = useSession().data?.organizations ?? [];
  const [chosen, choose] = useState(fixed ?? props.suggested ?? organizations[0]?.id);
  const organization = organizations.find(({ id }) => id === chosen);
  const orgId = organization?.id ?? '';
  const workspaces = useWorkspaces(orgId, orgId !== '');
  const [picked, pick] = useState('');
  const known = workspaces.data ?? [];
  const workspace = known.find(({ id }) => id === picked) ?? known[0];
  const email = useEmail(orgId);
  const obstacle = obstacleOf(organization, fixed);
  const place = orgId ? { orgId, workspaceId: workspace?.id ?? null } : null;
  const isOnly = fixed !== null || organizations.length === 1;
  const shown = error ?? workspaces.error;
  const facts = [
    ...props.facts,
    ...(email ? [[texts.account, email] as const] : []),
    ...(isOnly && organization ? [[texts.organization, organization.display_name] as const] : []),
  ];
  const change = (id: string) => {
    props.onChange();
    choose(id);
  };
  return (
    <Stack>
      <Facts facts={facts} />
      {organization && !isOnly && (
        <NativeSelect
          label={texts.organization}
          data={organizations.map(({ id, display_name: label }) => ({ value: id, label }))}
          value={orgId}
          onChange={(event) => change(event.currentTarget.value)}
        />
      )}
      {workspace && (
        <NativeSelect
          label={texts.workspace}
          description={texts.workspaceHint}
          data={known.map(({ id, display_name: label }) => ({ value: id, label }))}
          value={workspace.id}
          onChange={(event) => pick(event.currentTarget.value)}
        />
      )}
      {organization && <Given scopes={props.scopes} />}
      <Alert color="yellow" variant="light">
        {props.caution}
      </Alert>
      {!organization && fixed === null && <Text size="sm">{texts.noOrganization}</Text>}
      {obstacle && <Problem error={obstacle} />}
      {shown && <Problem error={shown} orgId={orgId} />}
      <Group grow>
        <Button variant="default" disabled={isPending} onClick={() => props.onDeny(place)}>
          {texts.deny}
        </Button>
        <Button
          loading={isPending}
          disabled={!place || obstacle !== null || !workspaces.isSuccess}
          onClick={() => place && props.onAllow(place)}
        >
          {texts.allow}
        </Button>
      </Group>
    </Stack>
  );
}

/** Why the server would refuse an approval, as far as that is known already. */
function obstacleOf(organization: Organization | undefined, fixed: string | null): ApiError | null {
  const refusal = (code: string) => new ApiError({ status: 403, code });
  if (!organization) return fixed === null ? null : refusal('application_of_another_organization');
  return organization.pat_creation_disabled ? refusal('pat_creation_disabled_by_org') : null;
}

function Given({ scopes }: { scopes: readonly string[] }) {
  const texts = usePageTexts(approvalTexts);
  const showsIdentity = scopes.some((scope) => scope !== 'offline_access');
  return (
    <div>
      <Text size="sm" fw={600}>
        {texts.will}
      </Text>
      <List size="sm" mb="xs">
        <List.Item>{texts.act}</List.Item>
        {showsIdentity && <List.Item>{texts.identity}</List.Item>}
      </List>
      <Text size="sm" c="dimmed">
        {texts.willNot} {texts.ends}
      </Text>
    </div>
  );
}
