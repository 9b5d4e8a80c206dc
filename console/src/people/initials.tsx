import { Avatar, type AvatarProps } from '@mantine/core';

type Props = { name?: string | null | undefined; email: string } & Pick<AvatarProps, 'size' | 'visibleFrom'>;

/** Beside a name or an address, in a color that follows from the address; no text, which would be read out and copied. */
export const Initials = ({ name, email, size = 32, visibleFrom }: Props) => (
  <Avatar
    name={email}
    color="initials"
    size={size}
    radius="xl"
    aria-hidden
    {...(visibleFrom ? { visibleFrom } : {})}
  >
    <span className="initials" data-text={initialsOf(name || email)} />
  </Avatar>
);

/** Of the first and the last part of a name; of an address, what precedes the @ counts. */
function initialsOf(name: string): string {
  const words = name
    .replace(/@.*/, '')
    .split(/[\s._-]+/)
    .filter(Boolean);
  const [first = '', last = ''] = [words[0], words.slice(1).at(-1)];
  return ([...first][0] ?? '').concat([...last][0] ?? '').toLocaleUpperCase();
}
