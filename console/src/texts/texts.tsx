import { createContext, type ReactNode, use, useEffect, useMemo, useState } from 'react';
import { de } from './de';
import { en, type Texts } from './en';

const LANGUAGES = { en, de };
export type Language = keyof typeof LANGUAGES;
export const languages = Object.entries(LANGUAGES).map(([value, { languageName: label }]) => ({
  value,
  label,
}));

const STORED = 'tenantry.language';

type Value = { texts: Texts; language: Language; setLanguage: (language: Language) => void };

const TextsContext = createContext<Value>({ texts: en, language: 'en', setLanguage: () => undefined });

/** The language chosen before, else the first of the browser's languages that the console speaks. */
function initialLanguage(): Language {
  const wanted = [localStorage.getItem(STORED), ...navigator.languages.map((tag) => tag.slice(0, 2))];
  return wanted.find(isLanguage) ?? 'en';
}

const isLanguage = (name: string | null): name is Language => name !== null && name in LANGUAGES;

export function TextsProvider({ children }: { children: ReactNode }) {
  const [language, setLanguage] = useState(initialLanguage);
  useEffect(() => {
    document.documentElement.lang = language;
    localStorage.setItem(STORED, language);
  }, [language]);
  const value = useMemo(() => ({ texts: LANGUAGES[language], language, setLanguage }), [language]);
  return <TextsContext value={value}>{children}</TextsContext>;
}

export const useTexts = (): Texts => use(TextsContext).texts;
export const useLanguage = (): Value => use(TextsContext);

/** Texts that are loaded with their page, in every language. */
export type PageTexts<Shape> = Readonly<Record<Language, Shape>>;
export const usePageTexts = <Shape,>(texts: PageTexts<Shape>): Shape => texts[useLanguage().language];

/** A date in the language of the console. */
export const useDates = () => useDateFormat(DATE);

/** A date with the time of day, in the time zone of the reader. */
export const useTimes = () => useDateFormat(TIME);

/** A date with the time of day to the minute, in the time zone of the reader. */
export const useMinutes = () => useDateFormat(MINUTE);

/** A time of the last or next days, without year and seconds. */
export const useRecentTimes = () => useDateFormat(RECENT);

/** A day of the week with its date. */
export const useDays = () => useDateFormat(DAY);

/** A time of a day that is shown beside it. */
export const useClockTimes = () => useDateFormat(CLOCK);

const DATE: Intl.DateTimeFormatOptions = { dateStyle: 'medium' };
const TIME: Intl.DateTimeFormatOptions = { dateStyle: 'medium', timeStyle: 'medium' };
const MINUTE: Intl.DateTimeFormatOptions = { dateStyle: 'medium', timeStyle: 'short' };
const DAY: Intl.DateTimeFormatOptions = { dateStyle: 'full' };
const CLOCK: Intl.DateTimeFormatOptions = { timeStyle: 'medium' };
const RECENT: Intl.DateTimeFormatOptions = {
  day: 'numeric',
  month: 'short',
  hour: 'numeric',
  minute: '2-digit',
};

function useDateFormat(options: Intl.DateTimeFormatOptions): (iso: string) => string {
  const { language } = useLanguage();
  return useMemo(() => {
    const format = new Intl.DateTimeFormat(language, options);
    return (iso: string) => format.format(new Date(iso));
  }, [language, options]);
}
