import { Badge, Box, Button, NavLink, Stack, Text, TextInput } from '@mantine/core';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { Link, useParams } from 'react-router';
import { signInMethod } from '../page/page-settings';
import { ProblemText } from '../problems/problem-text';
import { type Organization, useSession } from '../session/use-session';
import { usePageTexts } from '../texts/texts';
import { organizationsTexts } from './texts';
import { useDefaultChange, useInstanceFlags } from './use-default-organization';

const SEARCHABLE = 10;
const MOST_ROWS = 20; // each asks for a role

type Props = {
  onChosen: () => void;
  onSetDefault: (organization: Organization, current: Organization) => void;
  onCreate: () => void;
};

/** Leads to the organizations of the signed-in user, and says which one is the default. */
export function OrganizationList({ onChosen, onSetDefault, onCreate }: Props) {
  const texts = usePageTexts(organizationsTexts);
  const { data } = useSession();
  const [search, setSearch] = useState('');
  const all = data?.organizations ?? [];
  const found = all.filter(({ display_name: name }) =>
    name.toLowerCase().includes(search.toLowerCase().trim()),
  );
  const shown = found.slice(0, MOST_ROWS);
  const { current, obstacle, obstacleOf } = useDefaultChange(all, shown);
  const onlyDefault = all.length === 1 && current !== undefined;
  const content = useFocusOnMount();
  return (
    <Stack gap="xs" ref={content}>
      {all.length > SEARCHABLE && (
        <TextInput
          aria-label={texts.search}
          placeholder={texts.search}
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
        />
      )}
      <Box component="ul" className="organization-list" aria-label={texts.list}>
        {shown.map((organization) => (
          <OrganizationRow
            key={organization.id}
            organization={organization}
            reason={obstacle ? undefined : obstacleOf(organization)}
            onChosen={onChosen}
            onSetDefault={() => current && onSetDefault(organization, current)}
          />
        ))}
      </Box>
      {found.length === 0 && <Note text={texts.noMatch} />}
      {found.length > shown.length && <Note text={texts.more(found.length - shown.length)} />}
      {obstacle && !onlyDefault && <Note text={obstacle} />}
      <CreateButton onCreate={onCreate} />
    </Stack>
  );
}

/** The list is loaded after the box around it has opened, which would keep the focus. */
function useFocusOnMount() {
  const content = useRef<HTMLDivElement>(null);
  useEffect(() => content.current?.querySelector<HTMLElement>('input, [aria-current=page], a')?.focus(), []);
  return content;
}

type RowProps = {
  organization: Organization;
  /** Why it cannot be made the default one; null if it can, undefined if that is not said here. */
  reason: string | Error | null | undefined;
  onChosen: () => void;
  onSetDefault: () => void;
};

function OrganizationRow({ organization, reason, onChosen, onSetDefault }: RowProps) {
  const texts = usePageTexts(organizationsTexts);
  const { orgId } = useParams();
  const { id, display_name: name, default_sso_provision: isDefault } = organization;
  return (
    <li>
      <NavLink
        component={Link}
        to={`/organizations/${id}`}
        label={name}
        active={id === orgId}
        aria-current={id === orgId ? 'page' : undefined}
        onClick={onChosen}
      />
      {isDefault && (
        <Badge variant="light" tt="none">
          {texts.isDefault}
        </Badge>
      )}
      {!isDefault && reason === null && (
        <Button
          variant="default"
          size="compact-sm"
          aria-label={`${texts.setDefault}: ${name}`}
          onClick={onSetDefault}
        >
          {texts.setDefault}
        </Button>
      )}
      {!isDefault && reason && (
        <Note text={reason instanceof Error ? <ProblemText error={reason} /> : reason} />
      )}
    </li>
  );
}

const Note = ({ text }: { text: ReactNode }) => (
  <Text size="xs" c="dimmed" px="sm">
    {text}
  </Text>
);

/** Where it is allowed: with passwords there is one organization (docs/contract/organizations.md#founding-organizations). */
function CreateButton({ onCreate }: Pick<Props, 'onCreate'>) {
  const texts = usePageTexts(organizationsTexts);
  const { data: flags } = useInstanceFlags();
  const isAllowed = signInMethod === 'sso' && flags?.['org_creation_disabled'] === false;
  return (
    isAllowed && (
      <Button variant="subtle" size="sm" onClick={onCreate}>
        {texts.create}
      </Button>
    )
  );
}
