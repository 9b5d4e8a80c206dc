import { Group, Text } from '@mantine/core';
import icon from '../../icon.svg';

export const Logo = () => (
  <Group gap="xs" wrap="nowrap">
    <img src={new URL(icon, document.baseURI).href} alt="" width={28} height={28} />
    <Text fw={700} size="lg">
      Tenantry
    </Text>
  </Group>
);
