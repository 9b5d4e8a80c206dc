import { Alert, Button, Group, Text } from '@mantine/core';
import { createContext, type ReactNode, use, useEffect, useMemo, useState } from 'react';
import { useLocation } from 'react-router';
import { type PageTexts, usePageTexts, useTexts } from '../texts/texts';
import { ProblemText } from '../problems/problem-text';

/** What was saved, and a way on. */
export type Saved = {
  /** Without one, that the change was saved. */
  readonly text?: string;
  /** Whether it says why nothing was saved. */
  readonly isProblem?: boolean;
  /** Takes the place of the text. */
  readonly error?: Error;
  /** A second change, such as Undo; its result takes the place of the text. */
  readonly next?: { readonly label: string; readonly run: () => Promise<Saved> } | undefined;
  /** Of the page that says it; without one, the page that is shown. */
  readonly path?: string;
};

type Shown = Saved & { readonly path: string };

const en = { saved: 'The change was saved.' };
const de: typeof en = { saved: 'Die Änderung wurde gespeichert.' };
const savedTexts: PageTexts<typeof en> = { en, de };

type Context = {
  readonly shown: Shown | null;
  readonly show: (shown: Shown | null) => void;
  readonly say: (saved: Saved) => void;
};

const nothing = () => undefined;
const SavedContext = createContext<Context>({ shown: null, show: nothing, say: nothing });

/** Says that something was saved, in the one place for it. */
export const useSaved = () => use(SavedContext).say;

/** Keeps what was said until it is closed, replaced, or another page is opened. */
export function SavedProvider({ children }: { children: ReactNode }) {
  const { pathname } = useLocation();
  const [shown, show] = useState<Shown | null>(null);
  useEffect(() => show((last) => (last?.path === pathname ? last : null)), [pathname]);
  const value = useMemo(
    () => ({ shown, show, say: (saved: Saved) => show({ path: pathname, ...saved }) }),
    [shown, pathname],
  );
  return <SavedContext value={value}>{children}</SavedContext>;
}

/** Shows what was saved: in the document above the page, for screen readers and the Tab key, but seen at the lower edge of the window. */
export function SavedArea() {
  const { shown, show } = use(SavedContext);
  return (
    <div className="saved" role="status">
      {shown && <SavedText key={shown.text} shown={shown} show={show} />}
    </div>
  );
}

function SavedText({ shown, show }: { shown: Shown; show: Context['show'] }) {
  const texts = useTexts();
  const [isRunning, setIsRunning] = useState(false);
  const { saved } = usePageTexts(savedTexts);
  const { text = saved, next, path, error, isProblem = error !== undefined } = shown;
  const run = async () => {
    if (!next || isRunning) return;
    setIsRunning(true);
    try {
      show({ path, ...(await next.run()) });
    } catch (problem) {
      show({ path, error: problem as Error });
    }
  };
  return (
    <Alert
      role="group" // the area around it is read out
      color={isProblem ? 'red' : 'green'}
      withCloseButton
      closeButtonLabel={texts.common.close}
      onClose={() => show(null)}
    >
      <Group gap="sm" justify="space-between" wrap="nowrap" mr="xs">
        <Text component="div" size="sm" className="lines wrapped">
          {error ? <ProblemText error={error} /> : text}
        </Text>
        {next && (
          <Button
            variant="default"
            size="compact-sm"
            flex="none"
            loading={isRunning}
            onClick={() => void run()}
          >
            {next.label}
          </Button>
        )}
      </Group>
    </Alert>
  );
}
