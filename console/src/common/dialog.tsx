import { Button, CloseButton, Group, Modal, Stack, Text } from '@mantine/core';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { type PageTexts, usePageTexts, useTexts } from '../texts/texts';
import { useFields, useUnsavedChanges } from '../page/unsaved';
import { useOpenerFocus } from './use-opener-focus';

const en = {
  title: 'Discard what you entered?',
  text: 'It has not been saved.',
  keep: 'Keep editing',
  discard: 'Discard',
};
const de: typeof en = {
  title: 'Eingaben verwerfen?',
  text: 'Sie sind nicht gespeichert.',
  keep: 'Weiter bearbeiten',
  discard: 'Verwerfen',
};
const discardTexts: PageTexts<typeof en> = { en, de };

type Props = {
  title: string;
  size?: string;
  /** A click beside the dialog would lose what it shows. */
  closesOnClickOutside?: boolean;
  /** Whether it asks before it closes; by default, if its fields were changed. */
  isChanged?: boolean;
  onClose: () => void;
  children: ReactNode;
};

/** A modal dialog. Its title is no `header` element, which would be a second banner of the page. */
export function Dialog({ title, size = 'md', closesOnClickOutside = true, ...props }: Props) {
  const { common } = useTexts();
  const content = useRef<HTMLDivElement>(null);
  const fields = useFields();
  const isTop = useIsTop();
  const [isAsking, setIsAsking] = useState(false);
  const isChanged = () => props.isChanged ?? fields.areChanged();
  const close = () => {
    if (!isTop()) return;
    if (isChanged()) setIsAsking(true);
    else props.onClose();
  };
  useUnsavedChanges(isChanged);
  useOpenerFocus();
  useEffect(() => keepFocusIn(content.current));
  return (
    <Modal.Root opened onClose={close} size={size} closeOnClickOutside={closesOnClickOutside}>
      <Modal.Overlay />
      <Modal.Content ref={content} {...fields.properties}>
        <Modal.Body pt="md">
          <Group justify="space-between" align="flex-start" wrap="nowrap" mb="md">
            <Modal.Title fw={600} lh="sm" className="wrapped">
              <Text span inherit lineClamp={3} title={title}>
                {title}
              </Text>
            </Modal.Title>
            <CloseButton aria-label={common.close} onClick={close} />
          </Group>
          {props.children}
        </Modal.Body>
      </Modal.Content>
      {isAsking && <DiscardDialog onDiscard={props.onClose} onKeep={() => setIsAsking(false)} />}
    </Modal.Root>
  );
}

/** The open dialogs, the one in front last: only that is closed by a key. */
const open: object[] = [];

function useIsTop(): () => boolean {
  const self = useRef({});
  useEffect(() => {
    const { current } = self;
    open.push(current);
    return () => void open.splice(open.indexOf(current), 1);
  }, []);
  return () => open.at(-1) === self.current;
}

/** Asks before changed input is lost. */
export function DiscardDialog({ onDiscard, onKeep }: { onDiscard: () => void; onKeep: () => void }) {
  const texts = usePageTexts(discardTexts);
  return (
    <Dialog title={texts.title} size="sm" onClose={onKeep}>
      <Stack>
        <Text size="sm">{texts.text}</Text>
        <Group justify="flex-end">
          <Button variant="default" data-autofocus onClick={onKeep}>
            {texts.keep}
          </Button>
          <Button color="red.9" onClick={onDiscard}>
            {texts.discard}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}

/** Where the focused button has gone, as with the step of a dialog, Tab would lead to the page below. */
function keepFocusIn(dialog: HTMLElement | null): void {
  if (!dialog || document.activeElement !== document.body) return;
  (dialog.querySelector<HTMLElement>('[data-autofocus]') ?? dialog).focus({ preventScroll: true });
}
