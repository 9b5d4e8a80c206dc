import { type SyntheticEvent, useEffect, useRef } from 'react';

/** Each says whether something was entered that is not saved. */
const checks = new Set<() => boolean>();

export const hasUnsaved = (): boolean => [...checks].some((isChanged) => isChanged());

/** Call it before the page is left on purpose: after saving, or for another session. */
export const discardUnsaved = (): void => checks.clear();

/** The browser asks before it leaves the console. */
export function askBeforeUnload(): void {
  addEventListener('beforeunload', (event) => {
    if (hasUnsaved()) event.preventDefault();
  });
}

/** Asks before the input of a form is lost, and keeps the page when the session ends. */
export function useUnsavedChanges(isChanged: boolean | (() => boolean)): void {
  const latest = useRef(isChanged);
  useEffect(() => void (latest.current = isChanged));
  useEffect(() => {
    const check = () => (typeof latest.current === 'function' ? latest.current() : latest.current);
    checks.add(check);
    return () => void checks.delete(check);
  }, []);
}

type Field = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

const valueOf = (field: Field) =>
  field instanceof HTMLInputElement && /checkbox|radio/.test(field.type)
    ? String(field.checked)
    : field.value;

/** Notices whether the fields of an element, which has these properties, are not as they were before they were used. */
export function useFields() {
  const before = useRef(new Map<Field, string>());
  const used = useRef(new Set<EventTarget>());
  const remember = ({ currentTarget }: SyntheticEvent) => {
    for (const field of currentTarget.querySelectorAll<Field>('input, textarea, select'))
      if (!before.current.has(field)) before.current.set(field, valueOf(field));
  };
  const isChanged = ([field, value]: readonly [Field, string]) =>
    field.isConnected && valueOf(field) !== value && (field.type === 'hidden' || used.current.has(field));
  return {
    areChanged: () => [...before.current].some(isChanged),
    properties: {
      onFocusCapture: remember,
      onPointerDownCapture: remember,
      onKeyDownCapture: remember,
      onChangeCapture: ({ target }: SyntheticEvent) => void used.current.add(target),
    },
  };
}
