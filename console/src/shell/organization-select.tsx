import { Button, Combobox, Input, Popover, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { lazy, Suspense, useRef, useState } from 'react';
import { useParams } from 'react-router';
import { Waiting } from '../common/loaded';
import { type Organization, useSession } from '../session/use-session';
import { useTexts } from '../texts/texts';

const OrganizationList = lazy(async () => {
  const { OrganizationList: list } = await import('../organizations/organization-list');
  return { default: list };
});
const SetDefaultDialog = lazy(async () => {
  const { SetDefaultDialog: dialog } = await import('../organizations/set-default-dialog');
  return { default: dialog };
});
const CreateOrganizationDialog = lazy(async () => {
  const { CreateOrganizationDialog: dialog } = await import('../organizations/create-organization-dialog');
  return { default: dialog };
});

type Asked = { organization: Organization; current: Organization } | 'create' | null;

/** Chooses another organization, the default one, and creates one. Its parts are loaded when it is opened. */
export function OrganizationSelect() {
  const { shell } = useTexts();
  const { orgId = '' } = useParams();
  const { data } = useSession();
  const [isOpen, list] = useDisclosure();
  const [asked, setAsked] = useState<Asked>(null);
  const ask = (question: Asked) => {
    list.close();
    setAsked(question);
  };
  const button = useRef<HTMLButtonElement>(null);
  const close = () => {
    setAsked(null);
    button.current?.focus(); // what had it was in the list
  };
  const name = data?.organizations.find(({ id }) => id === orgId)?.display_name ?? '';
  return (
    <div>
      <Input.Label component="div">{shell.organization}</Input.Label>
      <Popover
        opened={isOpen}
        onChange={(opened) => (opened ? list.open() : list.close())}
        position="bottom-start"
        width={380}
        trapFocus
        returnFocus
      >
        <Popover.Target>
          <Button
            ref={button}
            variant="default"
            fullWidth
            justify="space-between"
            fw={400}
            px="sm"
            rightSection={<Combobox.Chevron />}
            aria-label={`${shell.organization}: ${name}`}
            onClick={list.toggle}
          >
            <Text span inherit truncate>
              {name}
            </Text>
          </Button>
        </Popover.Target>
        <Popover.Dropdown p="xs" maw="calc(100vw - 2rem)">
          <Suspense fallback={<Waiting />}>
            <OrganizationList
              onChosen={list.close}
              onSetDefault={(organization, current) => ask({ organization, current })}
              onCreate={() => ask('create')}
            />
          </Suspense>
        </Popover.Dropdown>
      </Popover>
      <Suspense>
        {asked === 'create' && <CreateOrganizationDialog onClose={close} />}
        {asked && asked !== 'create' && <SetDefaultDialog {...asked} onClose={close} />}
      </Suspense>
    </div>
  );
}
