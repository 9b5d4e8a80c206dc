import { Select } from '@mantine/core';
import { useNavigate, useParams } from 'react-router';
import { useSession } from '../session/use-session';
import { useTexts } from '../texts/texts';

export function OrganizationSelect() {
  const { shell } = useTexts();
  const { orgId = '' } = useParams();
  const { data } = useSession();
  const navigate = useNavigate();
  const organizations = data?.organizations ?? [];
  return (
    <Select
      label={shell.organization}
      data={organizations.map(({ id, display_name: label }) => ({ value: id, label }))}
      value={orgId}
      searchable={organizations.length > 10}
      allowDeselect={false}
      onChange={(id) => id && void navigate(`/organizations/${id}`)}
    />
  );
}
