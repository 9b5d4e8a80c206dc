import { Button, Group, MultiSelect, Radio, Stack, Text } from '@mantine/core';
import type { UseMutationResult } from '@tanstack/react-query';
import { type SubmitEvent, useState } from 'react';
import { useNavigate } from 'react-router';
import { CopiedCode } from '../common/copied-code';
import { Dialog } from '../common/dialog';
import { Problem } from '../common/problem';
import { useEventTypes } from '../events/use-live-events';
import { ReceiverFields } from '../receivers/receiver-fields';
import { receiverTexts } from '../receivers/texts';
import { useSaved } from '../saved/saved';
import { usePageTexts, useTexts } from '../texts/texts';
import { webhookTexts } from './texts';
import {
  useChangeWebhook,
  useCreateWebhook,
  type Webhook,
  type WebhookForm,
} from '../receivers/use-webhooks';

/** Asks where to send what, then shows the secret once and leads to the new webhook. */
export function CreateWebhookDialog({ onClose }: { onClose: () => void }) {
  const texts = usePageTexts(webhookTexts);
  const { create: createText } = usePageTexts(receiverTexts);
  const { add } = useTexts();
  const navigate = useNavigate();
  const create = useCreateWebhook();
  const { data } = create;
  const close = () => (data ? void navigate(data.id) : onClose());
  return (
    <Dialog
      title={data ? texts.created : texts.create}
      size="lg"
      closesOnClickOutside={false}
      onClose={close}
    >
      {data ? (
        <Stack>
          <Text size="sm" role="status">
            {texts.shownOnce}
          </Text>
          <CopiedCode label={texts.secret} value={data.secret} />
          <CopiedCode label={texts.publicKey} value={data.public_key} />
          <Group justify="flex-end">
            <Button onClick={close}>{add.done}</Button>
          </Group>
        </Stack>
      ) : (
        <Form
          initial={{ url: '', description: '', types: null }}
          action={createText}
          change={create}
          onSubmit={(form) => create.mutate(form)}
          onClose={onClose}
        />
      )}
    </Dialog>
  );
}

export function ChangeWebhookDialog({ webhook, onClose }: { webhook: Webhook; onClose: () => void }) {
  const texts = usePageTexts(webhookTexts);
  const { common } = useTexts();
  const saved = useSaved();
  const change = useChangeWebhook(webhook.id);
  const onSuccess = () => {
    saved({});
    onClose();
  };
  return (
    <Dialog title={texts.changeTitle} size="lg" closesOnClickOutside={false} onClose={onClose}>
      <Form
        initial={webhook as WebhookForm}
        action={common.save}
        change={change}
        onSubmit={(form) => change.mutate(form, { onSuccess })}
        onClose={onClose}
      />
    </Dialog>
  );
}

type FormProps = {
  initial: WebhookForm;
  action: string;
  change: Pick<UseMutationResult<unknown, Error, never>, 'error' | 'isPending'>;
  onSubmit: (form: WebhookForm) => void;
  onClose: () => void;
};

/** Webhooks are never sent what was refused or read. */
const NOT_SENT: readonly string[] = ['request.refused', 'audit_log.read'];

function Form({ initial, action, change, onSubmit, onClose }: FormProps) {
  const texts = usePageTexts(webhookTexts);
  const { common } = useTexts();
  const { data: known = [] } = useEventTypes();
  const [{ url, description }, setValues] = useState(initial);
  const [areChosen, setChosen] = useState(initial.types !== null);
  const [types, setTypes] = useState<readonly string[]>(initial.types ?? []);
  const isComplete = url.trim() !== '' && (!areChosen || types.length > 0);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const chosen = areChosen ? (types as NonNullable<WebhookForm['types']>) : null;
    onSubmit({ url: url.trim(), description: description.trim(), types: chosen });
  };
  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        {change.error && <Problem error={change.error} />}
        <ReceiverFields
          values={{ url, description }}
          hint={texts.descriptionHint}
          onChange={(values) => setValues((last) => ({ ...last, ...values }))}
        />
        <Radio.Group
          label={texts.types}
          value={areChosen ? 'chosen' : 'all'}
          onChange={(value) => setChosen(value === 'chosen')}
        >
          <Stack gap="xs" mt={4}>
            <Radio value="all" label={texts.allTypes} description={texts.allTypesHint} />
            <Radio value="chosen" label={texts.chosenTypes} />
          </Stack>
        </Radio.Group>
        {areChosen && (
          <MultiSelect
            aria-label={texts.chosenTypes}
            placeholder={types.length === 0 ? texts.chooseTypes : undefined}
            searchable
            clearable
            clearButtonProps={{ 'aria-label': texts.clearTypes }}
            data={[...new Set([...known, ...types])].filter((type) => !NOT_SENT.includes(type))}
            value={[...types]}
            onChange={setTypes}
          />
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {common.cancel}
          </Button>
          <Button type="submit" loading={change.isPending} disabled={!isComplete}>
            {action}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
