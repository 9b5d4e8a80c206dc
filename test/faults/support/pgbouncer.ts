import { rmSync } from 'node:fs';
import { connect } from 'node:net';
import { until } from '../../support/audit-log.js';
import { DebianProgram, programFile, programFolder } from './debian-program.js';
import { freePort } from '../../support/free-port.js';

/** As docs/postgresql.md#pgbouncer recommends. */
const SETTINGS = {
  pool_mode: 'transaction',
  max_prepared_statements: '500',
  ignore_startup_parameters: 'statement_timeout, lock_timeout, idle_in_transaction_session_timeout',
  max_client_conn: '200',
  default_pool_size: '48',
  server_login_retry: '1',
  server_connect_timeout: '3',
  query_wait_timeout: '5',
};

const CONNECT_QUERY =
  'set statement_timeout = 30000; set lock_timeout = 10000; set idle_in_transaction_session_timeout = 30000';

/** A PgBouncer in front of one database. */
export class PgBouncer {
  private constructor(
    private readonly folder: string,
    private readonly program: DebianProgram,
    /** The database with the role of the database's URL. */
    readonly url: string,
  ) {}

  /** @param connectQuery run by PgBouncer on each new connection to the database */
  static async inFrontOf(
    databaseUrl: string,
    settings: Partial<typeof SETTINGS> = {},
    connectQuery = CONNECT_QUERY,
  ): Promise<PgBouncer> {
    const folder = programFolder('pgbouncer');
    const port = await freePort();
    const { hostname, port: databasePort, pathname, username, password } = new URL(databaseUrl);
    const users = programFile(folder, 'users.txt', `"${username}" "${password}"\n`);
    const all = {
      listen_addr: '127.0.0.1',
      listen_port: port,
      unix_socket_dir: '',
      auth_type: 'scram-sha-256',
      auth_file: users,
      ...SETTINGS,
      ...settings,
    };
    const database = `${pathname.slice(1)} = host=${hostname} port=${databasePort} connect_query='${connectQuery}'`;
    const lines = ['[databases]', database, '[pgbouncer]'];
    for (const [name, value] of Object.entries(all)) lines.push(`${name} = ${value}`);
    const file = programFile(folder, 'pgbouncer.ini', `${lines.join('\n')}\n`);
    const program = new DebianProgram('pgbouncer', [file]);
    await until(() => accepts(port), 10);
    return new PgBouncer(folder, program, Object.assign(new URL(databaseUrl), { port: String(port) }).href);
  }

  async remove(): Promise<void> {
    await this.program.end('SIGINT');
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Whether a program listens on the port. */
export function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => resolve(false));
    socket.on('connect', () => {
      socket.destroy();
      resolve(true);
    });
  });
}
