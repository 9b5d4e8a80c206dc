import { useEffect, useState } from 'react';

/**
 * Returns the focus to what had it when the dialog was opened. Mantine does so only for dialogs that stay mounted while
 * they are closed.
 */
export function useOpenerFocus(): void {
  const [opener] = useState(() => document.activeElement);
  useEffect(
    () => () => {
      if (opener instanceof HTMLElement && opener.isConnected) opener.focus({ preventScroll: true });
    },
    [opener],
  );
}
