import { CloseButton, Group, Modal, Text } from '@mantine/core';
import { type ReactNode, useEffect, useRef } from 'react';
import { useTexts } from '../texts/texts';
import { useOpenerFocus } from './use-opener-focus';

type Props = {
  title: string;
  size?: string;
  /** A click beside the dialog would lose what was typed. */
  closesOnClickOutside?: boolean;
  onClose: () => void;
  children: ReactNode;
};

/** A modal dialog. Its title is no `header` element, which would be a second banner of the page. */
export function Dialog({ title, size = 'md', closesOnClickOutside = true, onClose, children }: Props) {
  const { common } = useTexts();
  const content = useRef<HTMLDivElement>(null);
  useOpenerFocus();
  useEffect(() => keepFocusIn(content.current));
  return (
    <Modal.Root opened onClose={onClose} size={size} closeOnClickOutside={closesOnClickOutside}>
      <Modal.Overlay />
      <Modal.Content ref={content}>
        <Modal.Body pt="md">
          <Group justify="space-between" align="flex-start" wrap="nowrap" mb="md">
            <Modal.Title fw={600} lh="sm" className="wrapped">
              <Text span inherit lineClamp={3} title={title}>
                {title}
              </Text>
            </Modal.Title>
            <CloseButton aria-label={common.close} onClick={onClose} />
          </Group>
          {children}
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}

/** Where the focused button has gone, as with the step of a dialog, Tab would lead to the page below. */
function keepFocusIn(dialog: HTMLElement | null): void {
  if (!dialog || document.activeElement !== document.body) return;
  (dialog.querySelector<HTMLElement>('[data-autofocus]') ?? dialog).focus({ preventScroll: true });
}
