import { Command, Option } from 'commander';
import { tail } from './commands/audit.js';
import { invite } from './commands/invite.js';
import { groups, keys, members, orgs } from './commands/lists.js';
import { login, logout } from './commands/login.js';
import { explain, remove } from './commands/people.js';
import { completionFor } from './completion.js';
import { connect, type Connection } from './connection.js';
import { type Output, outputFor } from './terminal.js';
import { version } from './version.js';

type Shared = { server?: string; json?: boolean };
type Work<Args extends unknown[]> = (connection: Connection, output: Output, ...args: Args) => Promise<void>;

/** What a command does once it is known with which server it talks and how it answers. */
const connected =
  <Args extends unknown[]>(work: Work<Args>) =>
  async (...args: unknown[]): Promise<void> => {
    const command = args.at(-1) as Command;
    const { server, json } = command.optsWithGlobals<Shared>();
    await work(await connect(server), outputFor(json), ...(args as Args));
  };

const examples = (...lines: string[]): string =>
  `\nExamples:\n${lines.map((line) => `  $ ${line}`).join('\n')}`;

/** @throws CommanderError instead of ending the process */
export function createProgram(): Command {
  const program = new Command('tenantry')
    .description('Organizations, members, groups, keys and the audit log of a Tenantry server.')
    .version(version)
    .addOption(new Option('--server <url>', 'the server; else that of the last login').env('TENANTRY_URL'))
    .option('--json', 'answer with JSON, as where the output is no terminal')
    .option('--no-json', 'answer with tables, also where the output is no terminal')
    .addHelpText(
      'after',
      `${examples('tenantry login --server https://tenantry.example.com', 'tenantry members list', 'tenantry members invite people.csv', 'tenantry audit tail --follow')}

Environment:
  TENANTRY_API_KEY  a key; wins over the login
  TENANTRY_URL      the server, unless --server names it

Exit codes: 0 done, 1 refused or failed, 2 wrong usage, 3 not logged in, 4 the server cannot be reached.`,
    )
    .showHelpAfterError('Add --help to see what is possible.')
    .exitOverride();
  program.configureHelp({ showGlobalOptions: true });
  addSession(program);
  addLists(program);
  addMembers(program);
  addExplain(program);
  addAudit(program);
  program
    .command('completion <shell>')
    .description('print the completion for bash, zsh or fish')
    .addHelpText('after', examples('source <(tenantry completion bash)', 'tenantry completion fish | source'))
    .action((shell: string) => void process.stdout.write(`${completionFor(shell, program)}\n`));
  return program;
}

function addSession(program: Command): void {
  program
    .command('login')
    .description('log in with a browser, or keep a personal access token or service key for a server')
    .option('--with-token', 'read a key from standard input instead')
    .addHelpText(
      'after',
      examples(
        'tenantry login --server https://tenantry.example.com',
        'tenantry login --server http://127.0.0.1:1984 --with-token < key.txt',
      ),
    )
    .action((_options, command: Command) => login(command.optsWithGlobals()));
  program
    .command('logout')
    .description('forget the login or key, and end it on the server unless it is a service key')
    .option('--keep-token', 'do not end it on the server')
    .action((_options, command: Command) => logout(command.optsWithGlobals()));
}

function addLists(program: Command): void {
  program.command('orgs').description('show the organization of the login or key').action(connected(orgs));
  program.command('groups').description('list the user groups of the organization').action(connected(groups));
  program
    .command('keys')
    .description('list service keys and your personal access tokens')
    .action(connected(keys));
}

function addExplain(program: Command): void {
  program
    .command('explain <email>')
    .description('show which roles a member has, where, and why')
    .addHelpText('after', examples('tenantry explain grace@example.com'))
    .action(connected(explain));
}

function addMembers(program: Command): void {
  const command = program.command('members').description('list, invite and remove people');
  command
    .command('list')
    .description('list the members of the organization')
    .option('--pending', 'people who are invited')
    .addHelpText(
      'after',
      examples('tenantry members list', "tenantry members list --json | jq -r '.[].email'"),
    )
    .action(
      connected((connection, output, { pending = false }: { pending?: boolean }) =>
        members(connection, output, pending),
      ),
    );
  command
    .command('invite <file>')
    .description('invite the people of a CSV file, after showing what will happen')
    .option('--yes', 'do not ask; needed without a terminal')
    .addHelpText(
      'after',
      `
The first line names the columns: email and, if wanted, name, role, workspace, workspace_role.
  email,name,role,workspace,workspace_role
  grace@example.com,Grace Hopper,Organization User,Research,Editor
${examples('tenantry members invite people.csv', 'tenantry members invite people.csv --yes')}`,
    )
    .action(connected(invite));
  command
    .command('remove <email>')
    .description('remove a member, or revoke an invitation, after a question')
    .option('--yes', 'do not ask; needed without a terminal')
    .option('--revoke-created', 'also end the keys, tokens, webhooks and log streams that they created')
    .addHelpText('after', examples('tenantry members remove grace@example.com'))
    .action(connected(remove));
}

function addAudit(program: Command): void {
  program
    .command('audit')
    .description('read the audit log')
    .command('tail')
    .description('show the newest entries')
    .option('-f, --follow', 'wait for further entries, until you press Ctrl+C')
    .option('-n, --lines <number>', 'how many entries, up to 100', '20')
    .addHelpText(
      'after',
      examples('tenantry audit tail --follow', 'tenantry audit tail --follow --json | jq .api.operation'),
    )
    .action(connected(tail));
}
