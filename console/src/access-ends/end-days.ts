export const PRESETS = ['friday', 'week', 'month'] as const;
export type Preset = (typeof PRESETS)[number];

const FRIDAY = 5;
const NOON = 12;

/** The last second of a day in the time zone of the browser. Friday is the next one, in its own morning that day. */
export function endOf(preset: Preset, now: Date): string {
  const [year, month, day] = [now.getFullYear(), now.getMonth(), now.getDate()];
  if (preset === 'week') return lastSecond(year, month, day + 7);
  if (preset === 'month') return lastSecond(year, month + 1, Math.min(day, daysIn(year, month + 1)));
  const daysLeft = (FRIDAY - now.getDay() + 7) % 7;
  const isOver = daysLeft === 0 && now.getHours() >= NOON;
  return lastSecond(year, month, day + (isOver ? 7 : daysLeft));
}

/** Of a day and a time of day as the fields of the browser have them; undefined unless both name a time in the future. */
export function endAt(day: string, time: string, now: Date): string | undefined {
  const end = new Date(`${day}T${time}`);
  if (time === LAST_MINUTE) end.setSeconds(59);
  return end.getTime() > now.getTime() ? end.toISOString() : undefined;
}

export const LAST_MINUTE = '23:59';

/** The values of the fields for the day and the time of day. */
export function fieldsOf(iso: string): { day: string; time: string } {
  const end = new Date(iso);
  const local = new Date(end.getTime() - end.getTimezoneOffset() * 60_000).toISOString();
  return { day: local.slice(0, 10), time: local.slice(11, 16) };
}

const lastSecond = (year: number, month: number, day: number) =>
  new Date(year, month, day, 23, 59, 59).toISOString();

const daysIn = (year: number, month: number) => new Date(year, month + 1, 0).getDate();
