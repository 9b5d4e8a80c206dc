import { Button, Checkbox, Group, Radio, Stack, Text, Textarea, TextInput } from '@mantine/core';
import type { UseMutationResult } from '@tanstack/react-query';
import { type ReactNode, type SubmitEvent, useState } from 'react';
import type { Schemas } from '../api/client';
import { CopiedCode } from '../common/copied-code';
import { Dialog } from '../common/dialog';
import { Problem } from '../common/problem';
import { useSaved } from '../saved/saved';
import { usePageTexts, useTexts } from '../texts/texts';
import { applicationTexts } from './texts';
import {
  type Application,
  type ApplicationForm,
  useChangeApplication,
  useCreateApplication,
  useRotateSecret,
} from './use-applications';

const DEVICE_GRANT = 'urn:ietf:params:oauth:grant-type:device_code';
const MAX_NAME_LENGTH = 255;

/** Asks for the values, then shows the client id and the secret once. */
export function CreateApplicationDialog({ onClose }: { onClose: () => void }) {
  const texts = usePageTexts(applicationTexts);
  const create = useCreateApplication();
  return (
    <Dialog
      title={create.data ? texts.created : texts.create}
      size="lg"
      closesOnClickOutside={false}
      onClose={onClose}
    >
      {create.data ? (
        <ClientSecret created={create.data} onClose={onClose} />
      ) : (
        <CreateForm create={create} onClose={onClose} />
      )}
    </Dialog>
  );
}

function CreateForm({
  create,
  onClose,
}: {
  create: ReturnType<typeof useCreateApplication>;
  onClose: () => void;
}) {
  const texts = usePageTexts(applicationTexts);
  const [kind, setKind] = useState<Application['client_type']>('confidential');
  const [withDevices, setWithDevices] = useState(false);
  const grants: ApplicationForm['grant_types'] = ['authorization_code', 'refresh_token'];
  return (
    <ApplicationFields
      initial={{ client_name: '', redirect_uris: [] }}
      action={texts.create}
      change={create}
      needsAddress={!withDevices}
      onSubmit={(values) =>
        create.mutate({
          ...values,
          client_type: kind,
          grant_types: withDevices ? [...grants, DEVICE_GRANT] : grants,
        })
      }
      onClose={onClose}
    >
      <Radio.Group
        label={texts.kind}
        value={kind}
        onChange={(value) => setKind(value === 'public' ? 'public' : 'confidential')}
      >
        <Stack gap="xs" mt={4}>
          {(['confidential', 'public'] as const).map((value) => (
            <Radio
              key={value}
              value={value}
              label={texts.kinds[value]}
              description={texts.kindHints[value]}
            />
          ))}
        </Stack>
      </Radio.Group>
      <Checkbox
        label={texts.withDevices}
        description={texts.withDevicesHint}
        checked={withDevices}
        onChange={(event) => setWithDevices(event.currentTarget.checked)}
      />
    </ApplicationFields>
  );
}

type ChangeProps = { application: Application; onClose: () => void };

export function ChangeApplicationDialog({ application, onClose }: ChangeProps) {
  const texts = usePageTexts(applicationTexts);
  const { common } = useTexts();
  const saved = useSaved();
  const change = useChangeApplication();
  const onSuccess = () => {
    saved({});
    onClose();
  };
  return (
    <Dialog
      title={texts.changeTitle(application.client_name)}
      size="lg"
      closesOnClickOutside={false}
      onClose={onClose}
    >
      <ApplicationFields
        initial={application}
        action={common.save}
        change={change}
        needsAddress={!application.grant_types.includes(DEVICE_GRANT)}
        onSubmit={(values) => change.mutate({ id: application.id, change: values }, { onSuccess })}
        onClose={onClose}
      />
    </Dialog>
  );
}

type Values = { client_name: string; redirect_uris: string[] };
type FieldsProps = {
  initial: Pick<Application, 'client_name' | 'redirect_uris'>;
  action: string;
  change: Pick<UseMutationResult<unknown, Error, never>, 'error' | 'isPending'>;
  needsAddress: boolean;
  onSubmit: (values: Values) => void;
  onClose: () => void;
  /** What cannot be changed later. */
  children?: ReactNode;
};

function ApplicationFields({
  initial,
  action,
  change,
  needsAddress,
  onSubmit,
  onClose,
  children,
}: FieldsProps) {
  const texts = usePageTexts(applicationTexts);
  const { common } = useTexts();
  const [name, setName] = useState(initial.client_name);
  const [lines, setLines] = useState((initial.redirect_uris ?? []).join('\n'));
  const addresses = lines
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    onSubmit({ client_name: name.trim(), redirect_uris: addresses });
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        {change.error && <Problem error={change.error} />}
        <TextInput
          label={texts.name}
          description={texts.nameHint}
          data-autofocus
          required
          withAsterisk={false}
          maxLength={MAX_NAME_LENGTH}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Textarea
          label={texts.addresses}
          description={texts.addressesHint}
          placeholder="https://"
          autosize
          minRows={2}
          spellCheck={false}
          value={lines}
          onChange={(event) => setLines(event.currentTarget.value)}
        />
        {children}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {common.cancel}
          </Button>
          <Button
            type="submit"
            loading={change.isPending}
            disabled={name.trim() === '' || (needsAddress && addresses.length === 0)}
          >
            {action}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** Asks, since the old secret ends at once, then shows the new one once. */
export function RotateSecretDialog({ application: { id, client_name: name }, onClose }: ChangeProps) {
  const texts = usePageTexts(applicationTexts);
  const { common } = useTexts();
  const rotate = useRotateSecret();
  return (
    <Dialog
      title={rotate.data ? texts.rotated : texts.rotateTitle(name)}
      size="lg"
      closesOnClickOutside={!rotate.data}
      onClose={onClose}
    >
      {rotate.data ? (
        <ClientSecret created={rotate.data} onClose={onClose} />
      ) : (
        <Stack>
          <Text size="sm">{texts.rotateText}</Text>
          {rotate.error && <Problem error={rotate.error} />}
          <Group justify="flex-end">
            <Button variant="default" data-autofocus onClick={onClose}>
              {common.cancel}
            </Button>
            <Button color="red.9" loading={rotate.isPending} onClick={() => rotate.mutate(id)}>
              {texts.rotate}
            </Button>
          </Group>
        </Stack>
      )}
    </Dialog>
  );
}

type SecretProps = { created: Schemas['OauthClientWithSecret']; onClose: () => void };

function ClientSecret({ created: { client, client_secret: secret }, onClose }: SecretProps) {
  const texts = usePageTexts(applicationTexts);
  const { add } = useTexts();
  return (
    <Stack>
      <Text size="sm" role="status">
        {secret ? texts.shownOnce : texts.enterId}
      </Text>
      <CopiedCode label={texts.clientId} value={client.client_id} />
      {secret && <CopiedCode label={texts.secret} value={secret} />}
      <Group justify="flex-end">
        <Button onClick={onClose}>{add.done}</Button>
      </Group>
    </Stack>
  );
}
