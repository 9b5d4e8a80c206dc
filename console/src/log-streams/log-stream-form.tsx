import { Button, Checkbox, Group, Stack, Text, TextInput } from '@mantine/core';
import { type SubmitEvent, useState } from 'react';
import { Dialog } from '../common/dialog';
import { Problem } from '../common/problem';
import { ReceiverFields } from '../receivers/receiver-fields';
import { receiverTexts } from '../receivers/texts';
import { useSaved } from '../saved/saved';
import { usePageTexts, useTexts } from '../texts/texts';
import { logStreamTexts } from './texts';
import {
  type LogStream,
  type LogStreamForm,
  useChangeLogStream,
  useCreateLogStream,
} from '../receivers/use-log-streams';

export function CreateLogStreamDialog({ onClose }: { onClose: () => void }) {
  const texts = usePageTexts(logStreamTexts);
  const { create: createText } = usePageTexts(receiverTexts);
  const saved = useSaved();
  const create = useCreateLogStream();
  const onSuccess = () => {
    saved({ text: texts.created });
    onClose();
  };
  return (
    <Dialog title={texts.create} size="lg" closesOnClickOutside={false} onClose={onClose}>
      <Form
        action={createText}
        change={create}
        onSubmit={({ headers, ...form }) => create.mutate({ ...form, headers: headers ?? {} }, { onSuccess })}
        onClose={onClose}
      />
    </Dialog>
  );
}

export function ChangeLogStreamDialog({ stream, onClose }: { stream: LogStream; onClose: () => void }) {
  const texts = usePageTexts(logStreamTexts);
  const { common } = useTexts();
  const saved = useSaved();
  const change = useChangeLogStream();
  const onSuccess = () => {
    saved({});
    onClose();
  };
  return (
    <Dialog title={texts.changeTitle} size="lg" closesOnClickOutside={false} onClose={onClose}>
      <Form
        stream={stream}
        action={common.save}
        change={change}
        onSubmit={({ headers, ...form }) =>
          change.mutate(
            { id: stream.id, change: { ...form, ...(headers ? { headers } : {}) } },
            { onSuccess },
          )
        }
        onClose={onClose}
      />
    </Dialog>
  );
}

type FormProps = {
  stream?: LogStream;
  action: string;
  change: { readonly error: Error | null; readonly isPending: boolean };
  /** Headers are null if they stay. */
  onSubmit: (form: Omit<LogStreamForm, 'headers'> & { headers: Record<string, string> | null }) => void;
  onClose: () => void;
};

function Form({ stream, action, change, onSubmit, onClose }: FormProps) {
  const texts = usePageTexts(logStreamTexts);
  const { common } = useTexts();
  const [values, setValues] = useState({ url: stream?.url ?? '', description: stream?.description ?? '' });
  const [withNames, setWithNames] = useState(stream?.include_names ?? false);
  const [headers, setHeaders] = useState<readonly Header[]>([]);
  const kept = stream?.headers ?? [];
  const [areReplaced, setReplaced] = useState(kept.length === 0);
  const named = headers.filter(({ name }) => name.trim() !== '');
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const replaced = Object.fromEntries(named.map(({ name, value }) => [name.trim(), value]));
    onSubmit({
      url: values.url.trim(),
      description: values.description.trim(),
      headers: areReplaced ? replaced : null,
      include_names: withNames,
    });
  };
  return (
    <form onSubmit={submit} noValidate autoComplete="off">
      <Stack>
        {change.error && <Problem error={change.error} />}
        <ReceiverFields
          values={values}
          hint={texts.descriptionHint}
          onChange={(changed) => setValues((last) => ({ ...last, ...changed }))}
        />
        <Checkbox
          label={texts.includeNames}
          description={texts.includeNamesHint}
          checked={withNames}
          onChange={(event) => setWithNames(event.currentTarget.checked)}
        />
        {kept.length > 0 && (
          <Checkbox
            label={texts.replaceHeaders(kept.join(', '))}
            description={texts.replaceHint}
            checked={areReplaced}
            onChange={(event) => setReplaced(event.currentTarget.checked)}
          />
        )}
        {areReplaced && <HeaderFields headers={headers} onChange={setHeaders} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {common.cancel}
          </Button>
          <Button type="submit" loading={change.isPending} disabled={values.url.trim() === ''}>
            {action}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

type Header = { readonly id: number; readonly name: string; readonly value: string };
const MOST_HEADERS = 5;

type HeaderProps = { headers: readonly Header[]; onChange: (headers: readonly Header[]) => void };

function HeaderFields({ headers, onChange }: HeaderProps) {
  const texts = usePageTexts(logStreamTexts);
  const set = (id: number, changed: Partial<Header>) =>
    onChange(headers.map((header) => (header.id === id ? { ...header, ...changed } : header)));
  const add = () => onChange([...headers, { id: (headers.at(-1)?.id ?? 0) + 1, name: '', value: '' }]);
  return (
    <Stack gap="xs" role="group" aria-label={texts.headers}>
      <div>
        <Text size="sm" fw={600}>
          {texts.headers}
        </Text>
        <Text size="xs" c="dimmed">
          {texts.headersHint}
        </Text>
      </div>
      {headers.map(({ id, name, value }, index) => (
        <Group key={id} align="flex-end" gap="xs">
          <TextInput
            label={texts.headerName(index + 1)}
            placeholder="Authorization"
            style={{ flex: '1 1 150px' }}
            autoFocus
            value={name}
            onChange={(event) => set(id, { name: event.currentTarget.value })}
          />
          <TextInput
            label={texts.headerValue(index + 1)}
            type="password"
            autoComplete="new-password"
            style={{ flex: '2 1 180px' }}
            value={value}
            onChange={(event) => set(id, { value: event.currentTarget.value })}
          />
          <Button
            variant="default"
            aria-label={texts.removeHeader(index + 1)}
            onClick={() => onChange(headers.filter((header) => header.id !== id))}
          >
            {texts.removeShort}
          </Button>
        </Group>
      ))}
      {headers.length < MOST_HEADERS && (
        <div>
          <Button variant="default" size="compact-sm" onClick={add}>
            {texts.addHeader}
          </Button>
        </div>
      )}
    </Stack>
  );
}
