import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { QueryResultRow } from 'pg';
import { until } from '../../support/audit-log.js';
import { pg } from '../../support/postgres-client.js';
import { DebianProgram, programFile, programFolder, PROGRAMS } from './debian-program.js';
import { send } from './load.js';
import { accepts } from './pgbouncer.js';
import { freePort } from '../../support/free-port.js';

const PASSWORD = 'faults';
const START_SECONDS = 90;
const SWITCHOVER_SECONDS = 60;

/** In seconds; Patroni accepts no shorter `ttl`. */
const PATRONI_TIMES = { ttl: 20, loop_wait: 5, retry_timeout: 5 };

type Member = { name: string; role: string; state: string };
type Node = { name: string; port: number; restPort: number; dataFolder: string; patroni: DebianProgram };

/**
 * Three PostgreSQL 17 with Patroni in synchronous mode, one etcd (its failure is not a case), and HAProxy, which connects
 * to the primary. As docs/postgresql.md#high-availability describes.
 */
export class PatroniCluster {
  private readonly folder = programFolder('patroni');
  private readonly programs: DebianProgram[] = [];
  private readonly nodes: Node[] = [];

  /** `port`: HAProxy's. */
  private constructor(private readonly port: number) {}

  /** Resolves with a synchronous and another standby, and an empty database `tenantry` with a role that owns it. */
  static async start(): Promise<PatroniCluster> {
    const cluster = new PatroniCluster(await freePort());
    try {
      await cluster.launch();
      await cluster.untilHealthy(3);
      await cluster.createDatabase();
      return cluster;
    } catch (error) {
      const logs = cluster.nodes.map(({ name, patroni }) => `${name}: ${patroni.log.slice(-2000)}`);
      await cluster.remove();
      throw new Error(`the cluster does not start\n${logs.join('\n')}`, { cause: error });
    }
  }

  /** The database at the primary, as its owner. */
  get url(): string {
    return this.urlOf('tenantry', 'tenantry');
  }

  /** At the primary, as the owner of the database. */
  sql<Row extends QueryResultRow>(text: string, values?: unknown[]): Promise<Row[]> {
    return query<Row>(this.url, text, values);
  }

  /** Makes the synchronous standby the primary, and resolves when it is. */
  async switchOver(): Promise<void> {
    const primary = await this.nodeWith('leader');
    const standby = await this.nodeWith('sync_standby');
    const { status, text } = await send(`http://127.0.0.1:${primary.restPort}/switchover`, {
      method: 'POST',
      body: { leader: primary.name, candidate: standby.name },
      timeoutMs: SWITCHOVER_SECONDS * 1000,
    });
    if (status !== 200) throw new Error(`switchover: ${status} ${text}`);
  }

  /** Ends the primary and its Patroni with SIGKILL, as if the machine had lost power. */
  async killPrimary(): Promise<void> {
    killNode(await this.nodeWith('leader'));
  }

  /** Resolves when as many members as given run and follow a primary, one of them synchronously. */
  untilHealthy(count: number): Promise<void> {
    const isHealthy = async () => {
      const members = await this.members();
      const running = members.filter(({ state }) => state === 'running' || state === 'streaming');
      const roles = new Set(running.map(({ role }) => role));
      return running.length === count && roles.has('leader') && roles.has('sync_standby');
    };
    return until(isHealthy, START_SECONDS);
  }

  async remove(): Promise<void> {
    this.nodes.forEach(killNode);
    await Promise.all(this.programs.map((program) => program.end('SIGKILL')));
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }

  private async launch(): Promise<void> {
    const etcdPort = await freePort();
    this.run('etcd-server', etcdArguments(join(this.folder, 'etcd'), etcdPort, await freePort()));
    await until(() => accepts(etcdPort), 20);
    for (const name of ['node0', 'node1', 'node2']) await this.launchNode(name, etcdPort);
    const file = programFile(this.folder, 'haproxy.cfg', balancerOf(this.port, this.nodes));
    this.run('haproxy', ['-db', '-f', file]);
  }

  private async launchNode(name: string, etcdPort: number): Promise<void> {
    const place = { name, port: await freePort(), restPort: await freePort() };
    const dataFolder = join(this.folder, name);
    const settings = patroniSettings({ ...place, dataFolder, etcdPort });
    const file = programFile(this.folder, `${name}.json`, JSON.stringify(settings)); // which is YAML as well
    this.nodes.push({ ...place, dataFolder, patroni: this.run('patroni', [file]) });
  }

  private run(...program: ConstructorParameters<typeof DebianProgram>): DebianProgram {
    const running = new DebianProgram(...program);
    this.programs.push(running);
    return running;
  }

  private async createDatabase(): Promise<void> {
    const url = this.urlOf('postgres', 'postgres');
    await until(
      () =>
        query(url, 'select 1').then(
          () => true,
          () => false,
        ),
      START_SECONDS,
    );
    await query(url, `create role tenantry login password '${PASSWORD}'`);
    await query(url, `create database tenantry owner tenantry template template0 encoding 'UTF8'`);
  }

  private async nodeWith(role: string): Promise<Node> {
    const found = (await this.members()).find((member) => member.role === role);
    const node = this.nodes.find(({ name }) => name === found?.name);
    if (!node) throw new Error(`the cluster has no ${role}`);
    return node;
  }

  /** As the first node that responds sees them. */
  private async members(): Promise<Member[]> {
    for (const { restPort } of this.nodes) {
      const { status, text } = await send(`http://127.0.0.1:${restPort}/cluster`, { timeoutMs: 2000 });
      if (status === 200) return (JSON.parse(text) as { members: Member[] }).members;
    }
    return [];
  }

  private urlOf(role: string, database: string): string {
    return `postgres://${role}:${PASSWORD}@127.0.0.1:${this.port}/${database}`;
  }
}

async function query<Row extends QueryResultRow>(
  url: string,
  text: string,
  values?: unknown[],
): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5000 });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<Row>(text, values)).rows;
  } finally {
    await client.end();
  }
}

/** Patroni first, since it would start PostgreSQL again. */
function killNode({ patroni, dataFolder }: Node): void {
  kill(patroni.pid);
  const postmaster = postmasterOf(dataFolder);
  if (postmaster === null) return;
  const children = execFileSync('ps', ['-axo', 'pid=,ppid='], { encoding: 'utf8' })
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
    .flatMap(([pid, parent]) => (parent === postmaster ? [pid!] : []));
  for (const pid of [postmaster, ...children]) kill(pid);
}

/** Null if it never ran or has stopped; also null if its process id now belongs to another program. */
function postmasterOf(dataFolder: string): number | null {
  try {
    const pid = Number(readFileSync(join(dataFolder, 'postmaster.pid'), 'utf8').split('\n')[0]);
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(dataFolder) ? pid : null;
  } catch {
    return null;
  }
}

/** A process that has ended is left alone. */
function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

const etcdArguments = (folder: string, port: number, peerPort: number): string[] => [
  `--data-dir=${folder}`,
  `--listen-client-urls=http://127.0.0.1:${port}`,
  `--advertise-client-urls=http://127.0.0.1:${port}`,
  `--listen-peer-urls=http://127.0.0.1:${peerPort}`,
  `--initial-advertise-peer-urls=http://127.0.0.1:${peerPort}`,
  `--initial-cluster=default=http://127.0.0.1:${peerPort}`,
  '--unsafe-no-fsync',
];

type Place = { name: string; port: number; restPort: number; dataFolder: string; etcdPort: number };

const patroniSettings = ({ name, port, restPort, dataFolder, etcdPort }: Place) => ({
  scope: 'tenantry',
  name,
  restapi: { listen: `127.0.0.1:${restPort}`, connect_address: `127.0.0.1:${restPort}` },
  etcd3: { host: `127.0.0.1:${etcdPort}` },
  bootstrap: {
    dcs: {
      ...PATRONI_TIMES,
      maximum_lag_on_failover: 1_048_576,
      synchronous_mode: true,
      postgresql: {
        use_pg_rewind: true,
        // fsync: a killed process loses nothing that the operating system has.
        parameters: { max_connections: 100, shared_buffers: '32MB', fsync: 'off', max_wal_size: '256MB' },
      },
    },
    initdb: [{ encoding: 'UTF8' }, { locale: 'C' }, 'data-checksums'],
  },
  postgresql: {
    listen: `127.0.0.1:${port}`,
    connect_address: `127.0.0.1:${port}`,
    data_dir: dataFolder,
    bin_dir: dirname(PROGRAMS['postgresql-17']),
    pgpass: `${dataFolder}.pgpass`,
    authentication: {
      superuser: { username: 'postgres', password: PASSWORD },
      replication: { username: 'replicator', password: PASSWORD },
      rewind: { username: 'rewinder', password: PASSWORD },
    },
    pg_hba: [
      'host all all 127.0.0.1/32 scram-sha-256',
      'host replication replicator 127.0.0.1/32 scram-sha-256',
    ],
    parameters: { unix_socket_directories: '' },
  },
});

/** Sessions of a server that is not the primary any more are cut, so that clients do not wait for it. */
const balancerOf = (port: number, nodes: readonly Node[]) => `
global
  maxconn 200
defaults
  mode tcp
  timeout connect 2s
  timeout client 30m
  timeout server 30m
listen primary
  bind 127.0.0.1:${port}
  option httpchk OPTIONS /primary
  http-check expect status 200
  default-server check inter 1s fall 2 rise 1 on-marked-down shutdown-sessions
${nodes.map(({ name, port: at, restPort }) => `  server ${name} 127.0.0.1:${at} check port ${restPort}`).join('\n')}
`;
