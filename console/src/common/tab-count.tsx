import { Text } from '@mantine/core';
import { useLanguage } from '../texts/texts';

/** How many rows are behind a tab; nothing before it is known. */
export function TabCount({ count }: { count: number | undefined }) {
  const { language } = useLanguage();
  if (count === undefined) return null;
  return (
    <Text span size="xs" c="dimmed">
      {count.toLocaleString(language)}
    </Text>
  );
}
