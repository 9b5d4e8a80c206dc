import { NativeSelect } from '@mantine/core';
import { type Language, languages, useLanguage } from '../texts/texts';

export function LanguageSelect() {
  const { texts, language, setLanguage } = useLanguage();
  return (
    <NativeSelect
      aria-label={texts.session.language}
      size="xs"
      variant="unstyled"
      data={languages}
      value={language}
      onChange={(event) => setLanguage(event.currentTarget.value as Language)}
    />
  );
}
