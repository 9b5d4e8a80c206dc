import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Suspense, use } from 'react';
import { useParams } from 'react-router';
import { ApiError } from '../api/api-error';
import { organizationQuery } from '../shell/use-organization';
import { workspacesQuery } from '../shell/use-workspaces';
import { useLanguage } from '../texts/texts';
import type * as Explain from './explain';

type Props = {
  error: Error;
  /** Says why one row of a list was refused. */
  isOfRow?: boolean;
};

/** What went wrong, in the language of the reader. Its texts are loaded with the first error of the server. */
export function ProblemText(props: Props) {
  const { texts } = useLanguage();
  if (!(props.error instanceof ApiError)) return texts.common.noResponse;
  return (
    <Suspense>
      <Explained {...props} error={props.error} />
    </Suspense>
  );
}

function Explained({ error, isOfRow = false }: Props & { error: ApiError }) {
  const { texts, language } = useLanguage();
  const isAdmin = useIsAdmin();
  const unknown = texts.common.unexpected(error.status);
  const loaded = use(loadExplain());
  if (!loaded) return unknown;
  const { text, detail } = isOfRow
    ? loaded.explainRow(error, language)
    : loaded.explain(error, language, unknown);
  return (
    <>
      <span className="lines">{text}</span>
      {isAdmin && detail && (
        <Text span size="xs" display="block" mt={4} className="lines" lang="en">
          {detail}
        </Text>
      )}
    </>
  );
}

let explain: Promise<typeof Explain | null> | undefined;

/** Null if they cannot be loaded. */
const loadExplain = () => (explain ??= import('./explain').catch(() => null));

/** Whether the reader administers the organization or workspace of the page, as far as that is known already. */
function useIsAdmin(): boolean {
  const { orgId = '', workspaceId } = useParams();
  const { data: organization } = useQuery({ ...organizationQuery(orgId), enabled: false });
  const { data: workspaces } = useQuery({ ...workspacesQuery(orgId), enabled: false });
  const workspace = workspaces?.find(({ id }) => id === workspaceId);
  return Boolean(
    organization?.permissions?.includes('organization:manage') || workspace?.invite_access?.may_add_members,
  );
}
