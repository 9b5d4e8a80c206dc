import { Alert, Button, Group, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useState } from 'react';
import { usePageTexts } from '../../texts/texts';
import { BulkDialog } from '../bulk/bulk-dialog';
import { bulkTexts } from '../bulk/texts';
import type { PreviewRow } from './preview-people';
import { listTexts } from './texts';

/** Offers to give members the other roles that the list has for them: the list alone changes no member. */
export function RoleOffer({ rows }: { rows: readonly PreviewRow[] }) {
  const texts = usePageTexts(listTexts);
  const bulk = usePageTexts(bulkTexts);
  const [isOpen, dialog] = useDisclosure();
  const [done, setDone] = useState<readonly string[]>([]);
  const members = rows
    .filter(({ email, otherRoles }) => otherRoles.length > 0 && !done.includes(email))
    .map(({ email, fullName, otherRoles }) => ({
      id: email,
      email,
      full_name: fullName,
      note: otherRoles.map(({ role, wanted }) => `${role} → ${wanted.display_name}`).join(', '),
      otherRoles,
    }));
  if (members.length === 0 && !isOpen) return null;
  return (
    <Alert variant="light" p="sm" mb="md">
      <Group justify="space-between" gap="sm">
        <Text size="sm">{texts.otherRoles(members.length)}</Text>
        <Button size="compact-sm" variant="default" onClick={dialog.open}>
          {texts.changeRoles}
        </Button>
      </Group>
      {isOpen && (
        <BulkDialog
          rows={members}
          title={bulk.roleTitle(members.length)}
          text={texts.changeRolesText}
          action={bulk.changeRole}
          keys={[['organization-members'], ['workspace-members']]}
          run={async ({ otherRoles }) => {
            for (const { change } of otherRoles) await change();
          }}
          doneText={({ length }) => texts.rolesChanged(length)}
          onDone={(rest) => {
            const changed = members.filter((member) => !rest.includes(member));
            setDone([...done, ...changed.map(({ email }) => email)]);
          }}
          onClose={dialog.close}
        />
      )}
    </Alert>
  );
}
