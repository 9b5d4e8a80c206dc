import { useState } from 'react';
import { useSearchParams } from 'react-router';

const PERIODS = ['1', '7', '30', '90', 'all', 'custom'] as const;
export type Period = (typeof PERIODS)[number];

/** What is shown; kept in the address, so that a reload and the back button keep it. */
export type Filter = {
  /** Days until now, everything, or the days `from` to `to`. */
  readonly period: Period;
  /** As in 2026-11-27, in the time zone of the reader; empty without a bound. */
  readonly from: string;
  readonly to: string;
  /** Empty for all. */
  readonly operations: readonly string[];
  /** The id of a user; empty for anyone. */
  readonly personId: string;
  readonly workspaceId: string;
  /** The id of what entries concern; empty for anything. */
  readonly targetId: string;
  /** Empty for any. */
  readonly address: string;
  /** With the entries of reading, which are many and change nothing. */
  readonly withReading: boolean;
};

export type FilterProps = { filter: Filter; onChange: (change: Partial<Filter>) => void };

/** The changes of the last days. */
export const DEFAULT_FILTER: Filter = {
  period: '7',
  from: '',
  to: '',
  operations: [],
  personId: '',
  workspaceId: '',
  targetId: '',
  address: '',
  withReading: false,
};

/** What is read from the log. */
export type Shown = {
  readonly filter: Filter;
  /** When the log was last read from its newest entry, in epoch milliseconds. */
  readonly now: number;
  /** All ids of what entries concern; null for anything. */
  readonly targetIds: readonly string[] | null;
};

const DAY_MS = 24 * 60 * 60 * 1000;
const BEGINNING = '2000-01-01';

export function useFilter() {
  const [search, setSearch] = useSearchParams();
  const [now, setNow] = useState(Date.now);
  const filter: Filter = {
    period: PERIODS.find((period) => period === search.get('period')) ?? DEFAULT_FILTER.period,
    from: dayOf(search.get('from')),
    to: dayOf(search.get('to')),
    operations: search.getAll('operation'),
    personId: uuidOf(search.get('person')),
    workspaceId: uuidOf(search.get('workspace')),
    targetId: uuidOf(search.get('target')),
    address: addressOf(search.get('address')),
    withReading: search.has('reading'),
  };
  const refresh = () => setNow(Date.now());
  const setFilter = (change: Partial<Filter>) => {
    setSearch(written({ ...filter, ...change }), { replace: true });
    refresh();
  };
  return { filter, now, setFilter, refresh };
}

const uuidOf = (text: string | null) => (text && /^[\da-f-]{36}$/i.test(text) ? text : '');

/** Without leading zeros, with which a number would be octal for some programs. */
const IPV4 = /^(?:0|[1-9]\d*)(?:\.(?:0|[1-9]\d*)){3}$/;
const IPV6 = /^[\da-f:.]+$/i;

/** An IPv4 or IPv6 address; empty for anything else. */
export function addressOf(text: string | null): string {
  if (!text) return '';
  const host = text.includes(':') && IPV6.test(text) ? `[${text}]` : text;
  return (host !== text || IPV4.test(text)) && URL.canParse(`http://${host}/`) ? text : '';
}

const dayOf = (text: string | null) => (text && /^\d{4}-\d\d-\d\d$/.test(text) ? text : '');

function written({ period, from, to, operations, ...others }: Filter): URLSearchParams {
  const values = {
    period: period === DEFAULT_FILTER.period ? '' : period,
    from: period === 'custom' ? from : '',
    to: period === 'custom' ? to : '',
    person: others.personId,
    workspace: others.workspaceId,
    target: others.targetId,
    address: others.address,
    reading: others.withReading ? 'shown' : '',
  };
  return new URLSearchParams([
    ...Object.entries(values).filter(([, value]) => value),
    ...operations.map((operation) => ['operation', operation]),
  ]);
}

/** The bounds of the API, which includes both. */
export function periodOf(
  { period, from, to }: Filter,
  now: number,
): { start_time: string; end_time: string } {
  const until = new Date(now).toISOString();
  if (period === 'all') return { start_time: startOf(BEGINNING).toISOString(), end_time: until };
  if (period !== 'custom')
    return { start_time: new Date(now - Number(period) * DAY_MS).toISOString(), end_time: until };
  return {
    start_time: startOf(from || BEGINNING).toISOString(),
    end_time: to ? new Date(nextDay(to).getTime() - 1).toISOString() : until,
  };
}

/** Midnight of the reader, also on days on which the clocks change. */
const startOf = (day: string) => new Date(`${day}T00:00`);

function nextDay(day: string): Date {
  const date = startOf(day);
  date.setDate(date.getDate() + 1);
  return date;
}
