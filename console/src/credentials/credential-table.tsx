import { Anchor, Badge, Checkbox, Text } from '@mantine/core';
import { Link } from 'react-router';
import { SecretName, useSecretColumns } from '../keys/secret-columns';
import { type SimpleColumn, SimpleTable } from '../common/simple-table';
import { createdTexts } from '../created-credentials/texts';
import { useAllRoles } from '../roles/role-list';
import { useDates, usePageTexts, useTexts } from '../texts/texts';
import { credentialTexts } from './texts';
import type { Credential } from './use-credentials';

type Props = {
  credentials: readonly Credential[];
  selected: ReadonlySet<string>;
  onSelect: (ids: readonly string[], isSelected: boolean) => void;
  onRevoke: (credential: Credential) => void;
};

export function CredentialTable({ credentials, selected, onSelect, onRevoke }: Props) {
  const texts = usePageTexts(credentialTexts);
  const { keys } = useTexts();
  const date = useDates();
  const [, ...useAndEnd] = useSecretColumns<Credential>({
    actionsOf: (credential) => [{ label: texts.revoke, isDangerous: true, run: () => onRevoke(credential) }],
  });
  const columns: SimpleColumn<Credential>[] = [
    {
      label: texts.select,
      isUnseen: true,
      width: 44,
      cell: ({ id, description, short_key: start }) => (
        <Checkbox
          aria-label={texts.selectRow(description || start)}
          checked={selected.has(id)}
          onChange={(event) => onSelect([id], event.currentTarget.checked)}
        />
      ),
    },
    {
      label: keys.description,
      cell: (credential) => <Name credential={credential} />,
    },
    {
      label: texts.owner,
      visibleFrom: 'md',
      width: 220,
      cell: (credential) => (
        <Text component="div" size="sm">
          <Owner credential={credential} />
        </Text>
      ),
    },
    {
      label: texts.reach,
      visibleFrom: 'xl',
      width: 170,
      cell: (credential) => (
        <Text component="div" size="sm">
          <Reach credential={credential} />
        </Text>
      ),
    },
    {
      label: keys.created,
      visibleFrom: 'lg',
      width: 125,
      cell: ({ created_at: at }) => <Text size="sm">{date(at)}</Text>,
    },
    ...useAndEnd,
  ];
  return (
    <SimpleTable
      caption={texts.title}
      columns={columns}
      rows={credentials}
      keyOf={({ id }) => id}
      emptyText={texts.noneMatch}
    />
  );
}

/** With what other columns say where they are hidden. */
const Name = ({ credential }: { credential: Credential }) => (
  <>
    <SecretName secret={credential} start={credential.short_key} />
    <Origin credential={credential} />
    {credential.kind === 'service_key' && (
      <Text component="div" size="xs" c="dimmed" hiddenFrom="xl">
        <Reach credential={credential} />
      </Text>
    )}
    <Text component="div" size="xs" hiddenFrom="md">
      <Owner credential={credential} />
    </Text>
  </>
);

/** The kind, how it was created and, on narrow screens, when. Who created it is its owner. */
function Origin({ credential: { kind, created_with: made, created_at: at } }: { credential: Credential }) {
  const texts = usePageTexts(credentialTexts);
  const { kinds } = usePageTexts(createdTexts);
  const date = useDates();
  const how = made && made.kind !== 'session' ? ` ${texts.createdWith[made.kind]}` : '';
  return (
    <Text component="div" size="xs" c="dimmed" className="wrapped">
      {kinds[kind] + how}
      <Text span inherit hiddenFrom="lg">
        {` · ${texts.created(date(at))}`}
      </Text>
    </Text>
  );
}

function Owner({ credential: { owner, owner_gone: isGone } }: { credential: Credential }) {
  const texts = usePageTexts(credentialTexts);
  const email = owner?.email ?? (owner ? texts.formerMember : texts.unknownOwner);
  return (
    <>
      <div className="wrapped">
        {owner?.identity_id ? (
          <Anchor component={Link} to={`../members/${owner.identity_id}`} relative="path" inherit>
            {email}
          </Anchor>
        ) : (
          email
        )}
      </div>
      {isGone && (
        <Badge color="red" variant="light" tt="none">
          {texts.gone}
        </Badge>
      )}
    </>
  );
}

function Reach({ credential }: { credential: Credential }) {
  const texts = usePageTexts(credentialTexts);
  const { data: roles = [] } = useAllRoles();
  const { kind, access_scope: scope, workspace_names: names, org_role_id, role_id } = credential;
  const roleName = (id: string | null | undefined) => roles.find((role) => role.id === id)?.display_name;
  if (kind !== 'service_key') return kind === 'scim_token' ? texts.provisioning : texts.ofOwner;
  const places = scope === 'organization' ? texts.wholeOrganization : names?.join(', ') || texts.nowhere;
  return (
    <Text span inherit lineClamp={3}>
      {places} ({roleName(org_role_id) ?? roleName(role_id)})
    </Text>
  );
}
