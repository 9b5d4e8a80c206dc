import { Anchor, Badge, Group, Text } from '@mantine/core';
import { Link } from 'react-router';
import { Initials } from './initials';

type Props = {
  name: string | null | undefined;
  email: string;
  badge?: string | undefined;
  /** The path of their page. */
  to?: string | undefined;
};

/**
 * An address that is too long for its line is broken before the @ first.
 */
export function Address({ children: email }: { children: string }) {
  const [name, ...domain] = email.split(/(?=@)/);
  return (
    <>
      {name}
      <wbr />
      {domain}
    </>
  );
}

/** Name and address of a person; the address takes the place of a missing name. */
export const PersonCell = ({ name, email, badge, to }: Props) => (
  <Group gap="sm" wrap="nowrap">
    <Initials name={name} email={email} visibleFrom="sm" />
    <div style={{ minWidth: 0 }}>
      <Group gap="xs" wrap="nowrap">
        <Text size="sm" fw={500} lineClamp={2} title={name || email} className="wrapped">
          {to ? (
            <Anchor component={Link} to={to} inherit>
              {name || <Address>{email}</Address>}
            </Anchor>
          ) : (
            name || <Address>{email}</Address>
          )}
        </Text>
        {badge && (
          <Badge size="xs" variant="light" color="gray" tt="none" flex="none">
            {badge}
          </Badge>
        )}
      </Group>
      {name && (
        <Text size="xs" c="dimmed" lineClamp={3} title={email} className="wrapped">
          <Address>{email}</Address>
        </Text>
      )}
    </div>
  </Group>
);
