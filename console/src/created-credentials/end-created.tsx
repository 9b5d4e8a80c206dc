import { Box, Checkbox, List, Loader, Stack, Text } from '@mantine/core';
import { usePageTexts } from '../texts/texts';
import type { Creator } from './created-by';
import { createdTexts } from './texts';
import { useCreatedCredentials } from './use-created-credentials';

type Props = {
  creator: Creator;
  label: string;
  /** Personal access tokens end, too; otherwise they end in any case or stay. */
  withTokens?: boolean;
  isChecked: boolean;
  onChange: (isChecked: boolean) => void;
};

/** Asks whether what a member or a credential created ends, too, and lists it. */
export function EndCreated({ creator, label, withTokens = false, isChecked, onChange }: Props) {
  const texts = usePageTexts(createdTexts);
  const { credentials, isPending, isIncomplete, hidesTokens } = useCreatedCredentials(creator, {
    withTokens,
    withReceivers: true,
  });
  return (
    <Stack gap="xs">
      <Checkbox
        label={label}
        description={texts.otherwise}
        checked={isChecked}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
      {isPending ? (
        <Loader size="xs" />
      ) : (
        <Box mah={180} style={{ overflowY: 'auto' }} tabIndex={0} role="group" aria-label={texts.list}>
          {credentials.length === 0 && (
            <Text size="sm" c="dimmed">
              {texts.none}
            </Text>
          )}
          <List size="sm" spacing={2}>
            {credentials.map(({ id, kind, description, start }) => (
              <List.Item key={id} style={{ overflowWrap: 'anywhere' }}>
                {texts.kinds[kind]} {description}{' '}
                <Text span size="xs" c="dimmed" ff="monospace">
                  {start}
                </Text>
              </List.Item>
            ))}
          </List>
        </Box>
      )}
      {(hidesTokens || isIncomplete) && (
        <Text size="xs" c="dimmed">
          {isIncomplete ? texts.notRead : texts.someUnseen}
        </Text>
      )}
    </Stack>
  );
}
