import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Suspense, use } from 'react';
import { useParams } from 'react-router';
import { ApiError } from '@tenantry/client';
import { organizationQuery } from '../session/use-organization';
import { useLanguage } from '../texts/texts';
import type * as Explain from './explain';
import { HelpLink } from './help-link';

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
  const { text, detail, help } = isOfRow
    ? loaded.explainRow(error, language)
    : loaded.explain(error, language, unknown);
  const shown = isAdmin ? detail : loaded.withoutNames(detail);
  return (
    <>
      <span className="lines">{text}</span> {help && <HelpLink topic={help} />}
      {shown && (
        <Text span size="xs" display="block" mt={4} className="lines" lang="en">
          {shown}
        </Text>
      )}
    </>
  );
}

let explain: Promise<typeof Explain | null> | undefined;

/** Null if they cannot be loaded. */
const loadExplain = () => (explain ??= import('./explain').catch(() => null));

/** Whether the reader administers the organization of the page, as far as that is known already. */
function useIsAdmin(): boolean {
  const { orgId = '' } = useParams();
  const { data } = useQuery({ ...organizationQuery(orgId), enabled: false });
  return data?.permissions?.includes('organization:manage') ?? false;
}
