import { Button, Group, List, Stack, Text } from '@mantine/core';
import { ApiError } from '@tenantry/client';
import { Dialog } from '../common/dialog';
import { Loaded } from '../common/loaded';
import { Problem } from '../common/problem';
import { createdTexts } from '../created-credentials/texts';
import { ProblemText } from '../problems/problem-text';
import { useSaved } from '../saved/saved';
import { usePageTexts, useTexts } from '../texts/texts';
import { credentialTexts } from './texts';
import { type Revocation, type Selection, useRevocationPreview, useRevoke } from './use-credentials';

const MOST_LISTED = 10;

type Props = { selection: Selection; onDone: () => void; onClose: () => void };

/** Shows what the server would revoke before it is asked to. */
export function RevokeDialog({ selection, onDone, onClose }: Props) {
  const texts = usePageTexts(credentialTexts);
  const preview = useRevocationPreview(selection);
  const count = preview.data?.count;
  const title = count === undefined ? texts.checking : count > 0 ? texts.askTitle(count) : texts.nothingTitle;
  return (
    <Dialog title={title} onClose={onClose}>
      <Loaded query={preview}>
        {(found) => <Confirmation selection={selection} preview={found} onDone={onDone} onClose={onClose} />}
      </Loaded>
    </Dialog>
  );
}

function Confirmation({ selection, preview, onDone, onClose }: Props & { preview: Revocation }) {
  const texts = usePageTexts(credentialTexts);
  const { common } = useTexts();
  const saved = useSaved();
  const revoke = useRevoke(selection);
  const { count, further_tokens: further, has_more: hasMore } = preview;
  const onSuccess = (done: Revocation) => {
    saved({ text: texts.done(done.count) });
    onDone();
    onClose();
  };
  return (
    <Stack>
      {count > 0 && <Text size="sm">{texts.askText}</Text>}
      {count > 0 && <Ending preview={preview} />}
      {further > 0 && <Text size="sm">{texts.further(further)}</Text>}
      {hasMore && <Text size="sm">{texts.hasMore}</Text>}
      <Refused preview={preview} />
      {revoke.error && <Problem error={revoke.error} />}
      <Group justify="flex-end">
        <Button variant="default" data-autofocus onClick={onClose}>
          {count > 0 ? common.cancel : common.close}
        </Button>
        {count > 0 && (
          <Button
            color="red.9"
            loading={revoke.isPending}
            onClick={() => revoke.mutate(count, { onSuccess })}
          >
            {texts.revokeCount(count)}
          </Button>
        )}
      </Group>
    </Stack>
  );
}

function Ending({ preview: { credentials } }: { preview: Revocation }) {
  const texts = usePageTexts(credentialTexts);
  const { kinds } = usePageTexts(createdTexts);
  return (
    <div>
      <Text size="sm" fw={500}>
        {texts.listed}
      </Text>
      <List size="sm" className="wrapped">
        {credentials.slice(0, MOST_LISTED).map(({ id, kind, description, short_key: start }) => (
          <List.Item key={id}>
            {description || start} ({kinds[kind]})
          </List.Item>
        ))}
      </List>
      {credentials.length > MOST_LISTED && (
        <Text size="sm">{texts.andMore(credentials.length - MOST_LISTED)}</Text>
      )}
    </div>
  );
}

/** Grouped by why they stay. */
function Refused({ preview: { refused } }: { preview: Revocation }) {
  const texts = usePageTexts(credentialTexts);
  const reasons = [...Map.groupBy(refused, ({ code }) => code).values()];
  if (reasons.length === 0) return null;
  return (
    <div>
      <Text size="sm" fw={500}>
        {texts.refused}: {refused.length}
      </Text>
      {reasons.map(([first]) => (
        <Text key={first?.code} component="div" size="sm" className="wrapped">
          {first?.code === 'only_admins_manage_org_wide_keys' ? (
            texts.wideKeysStay
          ) : (
            <ProblemText error={new ApiError({ status: 403, code: first?.code ?? '' })} />
          )}
        </Text>
      ))}
    </div>
  );
}
