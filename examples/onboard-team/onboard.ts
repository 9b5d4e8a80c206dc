/**
 * Invites the people of a CSV file to a workspace and prints the result of each line:
 * `node examples/onboard-team/onboard.ts --server http://127.0.0.1:1984 --file people.csv --workspace "Workspace 1"`,
 * signed in with ONBOARD_EMAIL and ONBOARD_PASSWORD. It may be run again: existing members do not change.
 * Exits 0 when every line was handled, 1 when not.
 */
import { parseArgs } from 'node:util';
import { ApiError } from '@tenantry/client';
import { EVENTS, invite, type Outcome } from './invite.ts';
import { type Person, readPeople } from './people.ts';
import { openWorkspace } from './workspace.ts';

type Outcomes = Map<Person, Outcome>;

function settings() {
  const text = { type: 'string' } as const;
  const { server, file, workspace } = parseArgs({
    options: { server: text, file: text, workspace: text },
  }).values;
  const { ONBOARD_EMAIL: email, ONBOARD_PASSWORD: password } = process.env;
  if (!server || !file || !workspace) throw new Error('give --server, --file and --workspace');
  if (!email || !password) throw new Error('set ONBOARD_EMAIL and ONBOARD_PASSWORD in the environment');
  return { server, file, workspace, who: { email, password } };
}

async function onboard(): Promise<void> {
  const { server, file, workspace: name, who } = settings();
  const people = await readPeople(file);
  const workspace = await openWorkspace(server, who, name);

  const outcomes: Outcomes = new Map(people.map((person) => [person, { event: 'not handled', why: '' }]));
  try {
    for await (const [person, outcome] of invite(workspace, people)) outcomes.set(person, outcome);
  } finally {
    console.log(`${table(outcomes)}\n\n${summary(outcomes)}`); // also when the server refuses a later batch
  }
}

function table(outcomes: Outcomes): string {
  const header = ['line', 'e-mail', 'what happened', 'why'];
  const lines = [...outcomes].map(([{ line, email }, { event, why }]) => [
    `${line}`,
    email || '-',
    event,
    why,
  ]);
  const rows = [header, ...lines];
  const widths = header.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const padded = rows.map((row) => row.map((text, column) => text.padEnd(widths[column]!)).join('  '));
  return padded.map((row) => row.trimEnd()).join('\n');
}

function summary(outcomes: Outcomes): string {
  const byEvent = Map.groupBy(outcomes.values(), ({ event }) => event);
  const counts = EVENTS.filter((event) => byEvent.has(event)).map(
    (event) => `${byEvent.get(event)!.length} ${event}`,
  );
  const news = byEvent.has('invited') ? '' : ' No new user was invited.';
  return `${outcomes.size} lines: ${counts.join('; ')}.${news}`;
}

/** The first of the problems stands for all. */
function reasonOf({ message, problems: [first, ...others] }: ApiError): string {
  const more = others.length > 0 ? ` (and ${others.length} more like this)` : '';
  return first ? `${first.msg}${more}` : message;
}

const messageOf = ({ message, cause }: Error): string =>
  cause instanceof Error ? `${message}: ${cause.message}` : message;

try {
  await onboard();
} catch (error) {
  console.error(
    error instanceof ApiError ? `The server refused: ${reasonOf(error)}` : messageOf(error as Error),
  );
  process.exitCode = 1;
}
