import { Badge, Box, Button, Group } from '@mantine/core';
import { Link } from 'react-router';
import { PageHead } from '../common/page-head';
import { Initials } from '../people/initials';
import { usePageTexts } from '../texts/texts';
import { Ends } from './ends';
import { personTexts } from './texts';
import { nameOf, type Person } from './use-person';

type Props = { person: Person; isSelf: boolean };

/** Who a person is, their role and state, and all of their access that ends. */
export function PersonHead({ person, isSelf }: Props) {
  const texts = usePageTexts(personTexts);
  const { email = '', role_name: role } = person;
  const name = nameOf(person);
  return (
    <>
      <Group gap="md" wrap="nowrap" align="flex-start">
        <Initials name={name} email={email} size={48} />
        <Box flex={1} miw={0}>
          <PageHead
            title={name}
            text={[name !== email && email, role, isSelf && texts.you].filter(Boolean).join(' · ')}
            action={
              <Button
                component={Link}
                to={`..?q=${encodeURIComponent(email)}`}
                relative="path"
                variant="default"
              >
                {texts.toList}
              </Button>
            }
          />
          {person.is_disabled && (
            <Badge mt="xs" variant="light" color="red" tt="none">
              {texts.disabled}
            </Badge>
          )}
        </Box>
      </Group>
      <Ends person={person} isSelf={isSelf} />
    </>
  );
}
