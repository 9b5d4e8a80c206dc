import { Group, Stack, Text } from '@mantine/core';
import { usePageTexts } from '../texts/texts';
import { passwordTexts } from './texts';

/** The rule of the server (docs/contract/passwords.md#password-rule), which decides. */
const RULES = {
  length: (password: string) => password.length >= 12,
  lower: (password: string) => /[a-z]/.test(password),
  upper: (password: string) => /[A-Z]/.test(password),
  symbol: (password: string) => /[!#$%()+,\-./:?@[\\\]^_{}~]/.test(password),
};

export const isAcceptable = (password: string) => Object.values(RULES).every((rule) => rule(password));

/** What a new password needs, and what of it is there. */
export function PasswordRules({ id, password }: { id: string; password: string }) {
  const texts = usePageTexts(passwordTexts);
  return (
    <Stack component="ul" id={id} gap={4} m={0} p={0}>
      {Object.entries(RULES).map(([name, rule]) => {
        const isMet = rule(password);
        return (
          <Group key={name} component="li" gap="xs" wrap="nowrap" align="flex-start">
            <Text span size="sm" w="1em" aria-hidden>
              {isMet ? '✓' : '○'}
            </Text>
            <Text span size="sm" {...(isMet ? {} : { c: 'dimmed' })}>
              {texts.rules[name as keyof typeof RULES]}
              <span className="visually-hidden"> ({isMet ? texts.met : texts.open})</span>
            </Text>
          </Group>
        );
      })}
    </Stack>
  );
}
