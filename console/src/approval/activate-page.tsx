import { Alert, Anchor, Button, Stack, Text, TextInput } from '@mantine/core';
import { ApiError } from '@tenantry/client';
import { type SubmitEvent, useState } from 'react';
import { useSearchParams } from 'react-router';
import type { Schemas } from '../api/client';
import { OuterPage } from '../common/outer/outer-page';
import { Problem } from '../common/problem';
import { usePageTexts, useTimes } from '../texts/texts';
import { ApprovalForm } from './approval-form';
import { approvalTexts } from './texts';
import { useDecideDevice, useFindDevice } from './use-approval';

type Device = Schemas['DeviceRequest'];

const LENGTH = 8; // letters of a code

/** As XXXX-XXXX, however it is typed. */
function codeOf(typed: string): string {
  const letters = typed
    .toUpperCase()
    .replaceAll(/[^A-Z]/g, '')
    .slice(0, LENGTH);
  return letters.length > LENGTH / 2
    ? `${letters.slice(0, LENGTH / 2)}-${letters.slice(LENGTH / 2)}`
    : letters;
}

/** Where a person gives a device access that shows a code. Opening the page sends nothing. */
export function ActivatePage() {
  const [device, setDevice] = useState<Device | null>(null);
  return device ? (
    <Decision device={device} onBack={() => setDevice(null)} />
  ) : (
    <CodeForm onFound={setDevice} />
  );
}

function CodeForm({ onFound }: { onFound: (device: Device) => void }) {
  const texts = usePageTexts(approvalTexts);
  const [search] = useSearchParams();
  const [given] = useState(() => codeOf(search.get('user_code') ?? ''));
  const [code, setCode] = useState(given);
  const find = useFindDevice();
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    find.mutate(code, { onSuccess: onFound });
  };
  return (
    <OuterPage title={texts.deviceTitle}>
      <form onSubmit={submit}>
        <Stack>
          <Text size="sm">{given && code === given ? texts.compareCode : texts.enterCode}</Text>
          {find.error && <CodeProblem error={find.error} />}
          <TextInput
            label={texts.code}
            placeholder="XXXX-XXXX"
            className="code"
            autoComplete="off"
            spellCheck={false}
            autoFocus={given === ''}
            value={code}
            onChange={(event) => setCode(codeOf(event.currentTarget.value))}
          />
          <Button type="submit" loading={find.isPending} disabled={code.length <= LENGTH}>
            {texts.continue}
          </Button>
        </Stack>
      </form>
    </OuterPage>
  );
}

/** Wrong codes are limited by the hour, unlike most requests. */
function CodeProblem({ error }: { error: Error }) {
  const texts = usePageTexts(approvalTexts);
  if (!(error instanceof ApiError) || error.status !== 429) return <Problem error={error} />;
  return (
    <Alert color="red" variant="light" role="alert">
      {texts.tooMany}
    </Alert>
  );
}

function Decision({ device, onBack }: { device: Device; onBack: () => void }) {
  const texts = usePageTexts(approvalTexts);
  const time = useTimes();
  const { client, requested_from: network, user_agent: program } = device;
  const { data, error, isPending, mutate, reset } = useDecideDevice(device.user_code);
  if (data)
    return (
      <OuterPage title={data.status === 'denied' ? texts.deniedTitle : texts.allowedTitle}>
        <Text size="sm" role="status">
          {data.status === 'denied' ? texts.deviceDenied : texts.deviceAllowed(client.client_name)}
        </Text>
      </OuterPage>
    );
  return (
    <OuterPage title={texts.askTitle(client.client_name)}>
      <ApprovalForm
        facts={[
          [texts.code, device.user_code],
          [texts.network, network ?? texts.unknown],
          ...(program ? [[texts.program, program] as const] : []),
          [texts.askedAt, time(device.requested_at)],
        ]}
        caution={texts.cautions.device}
        scopes={device.scopes}
        orgId={null}
        isPending={isPending}
        error={error}
        onChange={reset}
        onAllow={(place) => mutate({ action: 'approve', place })}
        onDeny={(place) => (place ? mutate({ action: 'deny', place }) : onBack())}
      />
      <Anchor component="button" size="sm" ta="center" onClick={onBack}>
        {texts.back}
      </Anchor>
    </OuterPage>
  );
}
