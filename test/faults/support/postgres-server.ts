import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Client, QueryResultRow } from 'pg';
import { embeddedBinaries } from '../../../src/database/embedded/binaries.js';
import {
  isRoot,
  UNPRIVILEGED_USER,
  PLAIN_ENVIRONMENT,
  runAs,
} from '../../../src/database/embedded/system-user.js';
import { freePort } from '../../support/free-port.js';
import { pg } from '../../support/postgres-client.js';

const PASSWORD = 'faults';
/** A busy machine takes long for a recovery. */
const START_TIMEOUT_MS = 120_000;

/** A PostgreSQL on a fixed port that a test may restart, kill or freeze. */
export class PostgresServer {
  /** What it has written to its log so far, in all its runs. */
  log = '';
  private child: ChildProcess | null = null;
  private session: Client | null = null;

  private constructor(
    private readonly folder: string,
    private readonly program: string,
    readonly port: number,
    private readonly environment: Readonly<Record<string, string>>,
    private data = join(folder, 'data'),
  ) {}

  /** Starts it with an empty database `tenantry`. @param environment of its processes */
  static async start({ encoding = 'UTF8', settings = {}, environment = {} } = {}): Promise<PostgresServer> {
    const user = isRoot() ? UNPRIVILEGED_USER : undefined;
    const folder = mkdtempSync(join(tmpdir(), 'tenantry-faults-'));
    const passwordFile = join(folder, 'password');
    writeFileSync(passwordFile, PASSWORD);
    chmodSync(folder, 0o700);
    for (const path of user ? [folder, passwordFile] : []) chownSync(path, user!.uid, user!.gid);
    const { initdb, postgres } = await embeddedBinaries(user);
    await runAs(user, initdb, [
      ...[`--pgdata=${join(folder, 'data')}`, '--no-sync', '--username=tenantry', `--pwfile=${passwordFile}`],
      ...['--auth=scram-sha-256', `--encoding=${encoding}`, '--locale=C'],
    ]);
    const server = new PostgresServer(folder, postgres, await freePort(), environment);
    await server.launch(settings);
    await server.sql('create database tenantry template template0');
    await server.endSession(); // it was in another database
    return server;
  }

  get url(): string {
    return this.urlAt(this.port);
  }

  /** The same database through a proxy on that port. */
  urlAt(port: number, database = 'tenantry'): string {
    return `postgres://tenantry:${PASSWORD}@127.0.0.1:${port}/${database}`;
  }

  /** Resolves once it accepts connections. */
  async launch(further: Record<string, string> = {}): Promise<void> {
    const user = isRoot() ? UNPRIVILEGED_USER : {};
    const settings = {
      port: this.port,
      listen_addresses: '127.0.0.1',
      unix_socket_directories: '',
      fsync: 'off',
      max_connections: 200,
      ...further,
    };
    const args = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    this.child = spawn(this.program, ['-D', this.data, ...args], {
      ...user,
      cwd: '/',
      env: { ...PLAIN_ENVIRONMENT, ...this.environment },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    this.child.stderr!.on('data', (text: Buffer) => (this.log += String(text)));
    for (const end = performance.now() + START_TIMEOUT_MS; ; await pause(20)) {
      try {
        await this.sql('select 1');
        return;
      } catch (error) {
        if (this.child.exitCode !== null || performance.now() > end) throw error;
      }
    }
  }

  /** SIGINT closes sessions and writes data; SIGQUIT exits as in a crash. Resolves once it has exited. */
  async shutDown(signal: 'SIGINT' | 'SIGQUIT' = 'SIGINT'): Promise<void> {
    const child = this.child;
    const isRunning = child?.exitCode === null && child.signalCode === null;
    if (isRunning) this.freeze('SIGCONT'); // a test that failed may have left it stopped, which would wait for ever
    await this.endSession();
    this.child = null;
    if (!isRunning) return;
    child.kill(signal);
    await once(child, 'exit');
  }

  async restart(signal: 'SIGINT' | 'SIGQUIT' = 'SIGINT'): Promise<void> {
    await this.shutDown(signal);
    await this.launch();
  }

  /** A copy of its data folder as it is now. Restarts it. */
  async copyData(): Promise<string> {
    await this.shutDown();
    const copy = mkdtempSync(join(this.folder, 'copy-'));
    execFileSync('cp', ['-a', `${this.data}/.`, copy]);
    const user = isRoot() ? UNPRIVILEGED_USER : null;
    if (user) chownSync(copy, user.uid, user.gid);
    await this.launch();
    return copy;
  }

  /** Goes on with another data folder, as if it was put back. */
  async useData(folder: string): Promise<void> {
    await this.shutDown('SIGQUIT');
    this.data = folder;
    await this.launch();
  }

  /** An asynchronous standby on a port of its own, once it follows. */
  async startStandby(): Promise<PostgresServer> {
    const data = await this.copyData();
    writeFileSync(join(data, 'standby.signal'), '');
    const standby = new PostgresServer(this.folder, this.program, await freePort(), this.environment, data);
    await standby.launch({ primary_conninfo: `${this.urlAt(this.port)}?application_name=standby` });
    await this.untilFollowed();
    return standby;
  }

  /** Resolves once a standby has everything that was committed. */
  async untilFollowed(): Promise<void> {
    const text = `select exists (
      select from pg_stat_replication where replay_lsn >= pg_current_wal_insert_lsn()) as "isSo"`;
    for (const end = performance.now() + START_TIMEOUT_MS; ; await pause(20)) {
      const [row] = await this.sql<{ isSo: boolean }>(text);
      if (row?.isSo) return;
      if (performance.now() > end) throw new Error('no standby follows');
    }
  }

  /** Gives its port to the standby, as a proxy would. What the standby has not received is lost. */
  async promote(standby: PostgresServer): Promise<void> {
    await standby.shutDown();
    await this.useData(standby.data);
    await this.sql('select pg_promote()');
  }

  /** Stops or continues all its processes; while stopped, it accepts connections and does not respond. */
  freeze(signal: 'SIGSTOP' | 'SIGCONT'): void {
    const parent = this.child!.pid!;
    process.kill(parent, 'SIGSTOP'); // it neither starts processes nor removes ended ones: those of the list exist
    const children = execFileSync('ps', ['-o', 'pid=', '--ppid', String(parent)], { encoding: 'utf8' });
    for (const pid of children.trim().split('\n').map(Number)) process.kill(pid, signal);
    process.kill(parent, signal);
  }

  /** As the superuser, in the database `tenantry` if it exists. */
  async sql<Row extends QueryResultRow>(text: string, values?: unknown[]): Promise<Row[]> {
    this.session ??= await this.connect();
    return (await this.session.query<Row>(text, values)).rows;
  }

  private async endSession(): Promise<void> {
    const session = this.session;
    this.session = null;
    await session?.end().catch(() => undefined);
  }

  async connect(): Promise<Client> {
    const open = async (database: string) => {
      const client = new pg.Client({ connectionString: this.urlAt(this.port, database) });
      client.on('error', () => undefined);
      await client.connect();
      return client;
    };
    return open('tenantry').catch((error: { code?: string }) => {
      if (error.code === '3D000') return open('postgres');
      throw error;
    });
  }

  async remove(): Promise<void> {
    await this.shutDown('SIGQUIT');
    rmSync(this.folder, { recursive: true, force: true });
  }
}
