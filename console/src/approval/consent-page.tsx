import { Text } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { Navigate, useLocation } from 'react-router';
import type { Schemas } from '../api/client';
import { Loaded, Waiting } from '../common/loaded';
import { OuterPage } from '../common/outer/outer-page';
import { type Preload, RequireSession } from '../sign-in/require-session';
import { usePageTexts } from '../texts/texts';
import { ApprovalForm } from './approval-form';
import { approvalTexts } from './texts';
import { useApprove, useConsentRequest } from './use-approval';

const KEPT = 'tenantry.consent';

/** Keeps the request in the tab: a sign-in at the identity provider leads back without a long query. */
export function ConsentWithSession({ preload }: { preload: Preload }) {
  const { pathname, search } = useLocation();
  const [kept] = useState(() => (search ? null : sessionStorage.getItem(KEPT)));
  useEffect(() => void (search && sessionStorage.setItem(KEPT, search)), [search]);
  return kept && !search ? <Navigate to={pathname + kept} replace /> : <RequireSession preload={preload} />;
}

/** Where an application sends a person who may give it access. */
export function ConsentPage() {
  const texts = usePageTexts(approvalTexts);
  const { search } = useLocation();
  const request = useConsentRequest(search);
  if (request.data) return <Consent key={search} request={request.data} search={search} />;
  return (
    <OuterPage title={texts.title}>
      <Loaded query={request}>{() => null}</Loaded>
      {request.isError && <Text size="sm">{texts.close}</Text>}
    </OuterPage>
  );
}

type Props = { request: Schemas['ConsentRequest']; search: string };

/** What was approved before is approved without a question. */
function Consent({ request, search }: Props) {
  const texts = usePageTexts(approvalTexts);
  const { client, scopes, remembered, redirect_kind: kind } = request;
  const { data, error, isPending, mutate, reset } = useApprove(search);
  const [isDenied, setDenied] = useState(false);
  const host = texts.hosts[kind](request.redirect_host);
  const repeated = useRef(remembered);
  useEffect(() => {
    const { current: before } = repeated;
    repeated.current = null;
    if (before) mutate({ orgId: before.organization_id, workspaceId: before.workspace_id });
  }, [mutate]);
  const sentTo = isDenied ? request.denied_redirect_uri : data?.redirect_uri;
  useEffect(() => {
    if (!sentTo) return;
    sessionStorage.removeItem(KEPT);
    location.replace(sentTo);
  }, [sentTo]);
  if (sentTo)
    return (
      <OuterPage title={isDenied ? texts.deniedTitle : texts.allowedTitle}>
        <Text size="sm" role="status">
          {texts.sentBack(client.client_name)}
        </Text>
      </OuterPage>
    );
  if (remembered && !error)
    return (
      <OuterPage title={texts.title}>
        <Text size="sm">{texts.remembered(client.client_name)}</Text>
        <Waiting />
      </OuterPage>
    );
  return (
    <OuterPage title={texts.askTitle(client.client_name)}>
      <ApprovalForm
        facts={[[texts.returnsTo, host]]}
        caution={texts.cautions[kind]}
        scopes={scopes}
        orgId={request.organization_id}
        suggested={remembered?.organization_id}
        isPending={isPending}
        error={error}
        onChange={reset}
        onAllow={mutate}
        onDeny={() => setDenied(true)}
      />
    </OuterPage>
  );
}
