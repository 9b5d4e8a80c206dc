import type { UseMutationResult } from '@tanstack/react-query';
import { useState } from 'react';
import { ConfirmDialog } from '../common/confirm-dialog';
import { usePageTexts, useTexts } from '../texts/texts';
import { EndCreated } from './end-created';
import { createdTexts } from './texts';
import type { Deletion } from '../keys/use-ended-keys';

type Props = {
  id: string;
  title: string;
  change: UseMutationResult<unknown, Error, Deletion>;
  onClose: () => void;
};

/** Deletes a service key or personal access token and, if asked to, what was created with it. */
export function DeleteSecretDialog({ id, title, change, onClose }: Props) {
  const { keys } = useTexts();
  const { deleteWithIt } = usePageTexts(createdTexts);
  const [revokeCreated, setRevokeCreated] = useState(false);
  return (
    <ConfirmDialog
      title={title}
      text={keys.removeText}
      action={keys.remove}
      change={change}
      input={{ id, revokeCreated }}
      onClose={onClose}
    >
      <EndCreated
        creator={{ credentialId: id }}
        label={deleteWithIt}
        isChecked={revokeCreated}
        onChange={setRevokeCreated}
      />
    </ConfirmDialog>
  );
}
