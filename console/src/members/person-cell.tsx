import { Badge, Group, Text } from '@mantine/core';

type Props = { name: string | null | undefined; email: string; badge?: string | undefined };

/** Name and address of a person; the address takes the place of a missing name. */
export const PersonCell = ({ name, email, badge }: Props) => (
  <>
    <Group gap="xs" wrap="nowrap">
      <Text size="sm" fw={500} lineClamp={2} title={name || email} className="wrapped">
        {name || email}
      </Text>
      {badge && (
        <Badge size="xs" variant="light" color="gray" tt="none" flex="none">
          {badge}
        </Badge>
      )}
    </Group>
    {name && (
      <Text size="xs" c="dimmed" lineClamp={3} title={email} className="wrapped">
        {email}
      </Text>
    )}
  </>
);
