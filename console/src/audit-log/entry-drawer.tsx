import { Badge, CloseButton, Code, Drawer, Group, Stack, Text } from '@mantine/core';
import { Fact } from '../common/fact';
import { CopyText } from '../common/copy-text';
import { useTexts, usePageTexts, useTimes } from '../texts/texts';
import { useOpenerFocus } from '../common/use-opener-focus';
import { markedName, ownerOf, useOtherPeople } from './targets';
import { auditTexts } from './texts';
import type { Entry } from './targets';
import { type Naming, useOperationName, useWho } from './words';

type Props = { entry: Entry; naming: Naming; onClose: () => void };

/** One entry: first what people ask for, then all of it as the API returns it. */
export function EntryDrawer({ entry, naming, onClose }: Props) {
  const { common } = useTexts();
  const texts = usePageTexts(auditTexts);
  const operationName = useOperationName();
  useOpenerFocus();
  const json = JSON.stringify(entry, null, 2);
  return (
    <Drawer.Root opened onClose={onClose} position="right" size="lg">
      <Drawer.Overlay />
      <Drawer.Content>
        <Drawer.Body pt="md">
          <Group justify="space-between" wrap="nowrap" mb="md">
            <Drawer.Title fw={600}>{operationName(entry.api.operation)}</Drawer.Title>
            <CloseButton aria-label={common.close} onClick={onClose} />
          </Group>
          <Stack>
            <Facts entry={entry} naming={naming} />
            <Group justify="space-between">
              <Text size="sm" fw={600}>
                {texts.asJson}
              </Text>
              <CopyText value={json} />
            </Group>
            <Code block tabIndex={0} style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
              {json}
            </Code>
          </Stack>
        </Drawer.Body>
      </Drawer.Content>
    </Drawer.Root>
  );
}

function Facts({ entry, naming }: Omit<Props, 'onClose'>) {
  const texts = usePageTexts(auditTexts);
  const time = useTimes();
  const who = useWho(naming);
  const { uid, credential_uid: credential } = entry.actor.user;
  const email = uid ? naming.people.get(uid)?.email : null;
  const others = useOtherPeople(entry, naming.wanted);
  const nameOf = (id: string) => {
    const person = naming.people.get(id) ?? others.get(id);
    return person ? markedName(person, texts.left) : naming.nameOf(id);
  };
  const withName = (id: string) => (nameOf(id) ? `${nameOf(id)} (${id})` : id);
  const owner = ownerOf(entry);
  const { enrichments } = entry.unmapped.original_audit_log;
  const { http_method: method, url } = entry.http_request;
  const hasSucceeded = entry.status_id === 1;
  const { code } = entry.http_response;
  return (
    <dl className="facts">
      <Fact label={texts.time}>{time(new Date(entry.time).toISOString())}</Fact>
      <Fact label={texts.outcome}>
        <Badge variant="light" tt="none" color={hasSucceeded ? 'green' : 'red'}>
          {hasSucceeded ? texts.succeeded : texts.failed}
          {code !== null && ` (${code})`}
        </Badge>
      </Fact>
      <Fact label={texts.who}>{email && email !== who(entry) ? `${who(entry)} (${email})` : who(entry)}</Fact>
      {credential && <Fact label={texts.key}>{credential}</Fact>}
      {method && <Fact label={texts.request}>{`${method} ${url.path}`}</Fact>}
      {entry.src_endpoint.ip && <Fact label={texts.address}>{entry.src_endpoint.ip}</Fact>}
      {entry.resources.length > 0 && (
        <Fact label={texts.resources}>{entry.resources.map(({ uid: id }) => withName(id)).join('\n')}</Fact>
      )}
      {owner && <Fact label={texts.owner}>{withName(owner)}</Fact>}
      {Object.entries(enrichments?.details ?? {}).map(([name, value]) => (
        <Fact key={name} label={name.replaceAll('_', ' ')}>
          {inWords(value)}
        </Fact>
      ))}
    </dl>
  );
}

/** Texts and lists of them as they are, other values as JSON. */
function inWords(value: unknown): string {
  if (typeof value === 'string') return value;
  return Array.isArray(value) ? value.map(inWords).join(', ') : JSON.stringify(value);
}
