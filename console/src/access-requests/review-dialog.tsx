import { Button, Group, NativeSelect, Stack, Text } from '@mantine/core';
import { type SubmitEvent, useState } from 'react';
import { Dialog } from '../common/dialog';
import { Problem } from '../common/problem';
import { type Role, useWorkspaceRoles } from '../roles/role-list';
import { useSaved } from '../saved/saved';
import { usePageTexts, useTexts } from '../texts/texts';
import { DAY, ReasonField, RequestedAccess, useRequestWords } from './request-facts';
import { accessRequestTexts } from './texts';
import { type AccessRequest, useApprove, useDecline } from './use-access-requests';

type Props = { request: AccessRequest; onClose: () => void };

/** Approves a request, with less if that is wanted, or declines it with a reason. */
export function ReviewDialog({ request, onClose }: Props) {
  const texts = usePageTexts(accessRequestTexts);
  const { personOf } = useRequestWords();
  const [isDeclining, setIsDeclining] = useState(false);
  return (
    <Dialog title={texts.reviewTitle(personOf(request.requester))} onClose={onClose}>
      <Stack>
        <div>
          <RequestedAccess request={request} />
        </div>
        {isDeclining ? (
          <DeclineForm request={request} onBack={() => setIsDeclining(false)} onClose={onClose} />
        ) : (
          <ApproveForm request={request} onDecline={() => setIsDeclining(true)} onClose={onClose} />
        )}
      </Stack>
    </Dialog>
  );
}

const SHORTER = [1, 7, 30, 90].map((days) => days * DAY);
const AS_REQUESTED = '';

function ApproveForm({ request, onDecline, onClose }: Props & { onDecline: () => void }) {
  const { common } = useTexts();
  const texts = usePageTexts(accessRequestTexts);
  const { durationOf, lengthOf, personOf } = useRequestWords();
  const saved = useSaved();
  const approve = useApprove(request);
  const roles = useLesserRoles(request);
  const [roleId, setRoleId] = useState(request.role_id ?? '');
  const [length, setLength] = useState(AS_REQUESTED);
  const { duration_seconds: asked } = request;
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const end = length === AS_REQUESTED ? {} : { access_expires_at: endAfter(Number(length)) };
    const role = roleId === (request.role_id ?? '') ? {} : { role_id: roleId };
    const onSuccess = () => {
      saved({ text: texts.wasApproved(personOf(request.requester)) });
      onClose();
    };
    approve.mutate({ ...role, ...end }, { onSuccess });
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <Text size="sm" c="dimmed">
          {texts.approveLess}
        </Text>
        {roles.length > 1 && (
          <NativeSelect
            label={texts.role}
            data={roles.map(({ id, display_name: label }) => ({ value: id, label }))}
            value={roleId}
            onChange={(event) => setRoleId(event.currentTarget.value)}
          />
        )}
        <NativeSelect
          label={texts.howLong}
          data={[
            { value: AS_REQUESTED, label: texts.asRequested(durationOf(asked)) },
            ...SHORTER.filter((seconds) => asked === null || seconds < asked).map((seconds) => ({
              value: String(seconds),
              label: lengthOf(seconds),
            })),
          ]}
          value={length}
          onChange={(event) => setLength(event.currentTarget.value)}
        />
        {approve.error && <Problem error={approve.error} />}
        <Group justify="space-between">
          <Button variant="default" onClick={onDecline}>
            {texts.decline}
          </Button>
          <Group>
            <Button variant="default" data-autofocus onClick={onClose}>
              {common.cancel}
            </Button>
            <Button type="submit" loading={approve.isPending}>
              {texts.approve}
            </Button>
          </Group>
        </Group>
      </Stack>
    </form>
  );
}

const endAfter = (seconds: number) => new Date(Date.now() + seconds * 1000).toISOString();

/** The requested role, and those that give no more. */
function useLesserRoles({ role_id: roleId }: AccessRequest): Role[] {
  const { data: roles = [] } = useWorkspaceRoles();
  const asked = new Set(roles.find(({ id }) => id === roleId)?.permissions);
  return roles.filter(
    ({ id, is_restricted: isRestricted, permissions }) =>
      id === roleId || (!isRestricted && permissions.every((name) => asked.has(name))),
  );
}

function DeclineForm({ request, onBack, onClose }: Props & { onBack: () => void }) {
  const texts = usePageTexts(accessRequestTexts);
  const saved = useSaved();
  const decline = useDecline(request);
  const [reason, setReason] = useState('');
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const onSuccess = () => {
      saved({ text: texts.wasDeclined });
      onClose();
    };
    decline.mutate(reason.trim(), { onSuccess });
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <ReasonField
          label={texts.declineReason}
          description={texts.declineHint}
          value={reason}
          onChange={setReason}
        />
        {decline.error && <Problem error={decline.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onBack}>
            {texts.back}
          </Button>
          <Button type="submit" color="red.9" loading={decline.isPending} disabled={reason.trim() === ''}>
            {texts.decline}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
