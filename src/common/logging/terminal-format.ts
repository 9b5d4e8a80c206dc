import { styleText } from 'node:util';

type Line = {
  level: string;
  time: string;
  msg: string;
  context?: string;
  stack?: string;
  [field: string]: unknown;
};

const STYLES: Record<string, Parameters<typeof styleText>[0]> = {
  debug: 'gray',
  info: 'green',
  warn: 'yellow',
  error: 'red',
  fatal: 'red',
};

/**
 * A line of the log for people: time of day, level, message, other fields; a stack follows on separate lines. Scripts run
 * this file without a build, so it imports no other file.
 */
export function formatForTerminal(json: string): string {
  const { level, time, msg, context, stack, trace_id: _, ...fields } = JSON.parse(json) as Line;
  const words = [
    styleText('gray', new Date(time).toTimeString().slice(0, 8)),
    styleText(STYLES[level] ?? 'reset', level.toUpperCase().padEnd(5)),
    ...(context === undefined ? [] : [styleText('cyan', `[${context}]`)]),
    msg,
    ...Object.entries(fields).map(([name, value]) => styleText('gray', `${name}=${String(value)}`)),
  ];
  return `${words.join(' ')}\n${stack === undefined ? '' : `${stack}\n`}`;
}
