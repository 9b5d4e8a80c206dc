import { chmodSync, chownSync, copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { QueryResultRow } from 'pg';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../src/database/embedded/postgres.js';
import { isRoot, UNPRIVILEGED_USER } from '../../src/database/embedded/system-user.js';
import { until } from './audit-log.js';
import { pg } from './postgres-client.js';
import { CERTIFICATE_FILE, KEY_FILE } from './tls.js';

const PASSWORD = 's/e#c?r@et%1';

/** Which connections each role may have; the superuser `tenantry` may have all. */
const ACCESS = `
local   all all                      scram-sha-256
host    all tenantry  127.0.0.1/32   scram-sha-256
hostssl all certified 127.0.0.1/32   scram-sha-256 clientcert=verify-ca
hostssl all encrypted 127.0.0.1/32   scram-sha-256
hostssl all readonly  127.0.0.1/32   scram-sha-256
hostssl all rotated   127.0.0.1/32   scram-sha-256
`;

/** A PostgreSQL with TLS, whose certificate a private authority signed: the one in `CERTIFICATE_FILE`. */
export class TlsPostgres {
  private constructor(
    private readonly folder: string,
    private readonly server: EmbeddedPostgres,
  ) {}

  static async start(): Promise<TlsPostgres> {
    const folder = mkdtempSync(join(tmpdir(), 'tenantry-tls-'));
    chmodSync(folder, 0o755);
    const directory = join(folder, 'postgres');
    const server = await startEmbeddedPostgres({ directory, password: PASSWORD, durable: false });
    const postgres = new TlsPostgres(folder, server);
    await postgres.turnTlsOn();
    return postgres;
  }

  /** An empty database that the role owns, in the form that the chart writes. */
  async database(name: string, role: string): Promise<string> {
    await this.sql(`create database ${name} owner ${role}`);
    return this.uriOf(name, role);
  }

  uriOf(name: string, role: string, password = PASSWORD): string {
    return `${role}:${password}@${this.targetOf(name)}`;
  }

  /** Host, port and database. */
  targetOf(name: string): string {
    return `127.0.0.1:${new URL(this.server.url).port}/${name}`;
  }

  /** Ends the connections of the role, which connects with this password from then on. */
  async rotate(role: string, password: string): Promise<void> {
    await this.sql(`alter role ${role} password '${password}'`);
    await this.disconnect(role);
  }

  /** Resolves when the connections of the role have ended. */
  async disconnect(role: string): Promise<void> {
    await this.sql(`select pg_terminate_backend(pid, 10000) from pg_stat_activity where usename = '${role}'`);
  }

  /** As the superuser, by default in a database without tables. */
  async sql<Row extends QueryResultRow>(text: string, database = 'tenantry'): Promise<Row[]> {
    const url = Object.assign(new URL(this.server.url), { pathname: `/${database}` });
    const client = new pg.Client({ connectionString: url.href });
    await client.connect();
    try {
      return (await client.query<Row>(text)).rows;
    } finally {
      await client.end();
    }
  }

  async stop(): Promise<void> {
    await this.server.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async turnTlsOn(): Promise<void> {
    const [{ hba }] = (await this.sql(`select current_setting('hba_file') as hba`)) as [{ hba: string }];
    writeFileSync(hba, ACCESS);
    const key = join(this.folder, 'key.pem');
    copyFileSync(KEY_FILE, key);
    chmodSync(key, 0o600);
    if (isRoot()) chownSync(key, UNPRIVILEGED_USER.uid, UNPRIVILEGED_USER.gid);
    const certificate = join(this.folder, 'certificate.pem');
    copyFileSync(CERTIFICATE_FILE, certificate);
    for (const role of ['certified', 'encrypted', 'readonly', 'rotated'])
      await this.sql(`create role ${role} login password '${PASSWORD}'`);
    await this.sql(`alter system set ssl_cert_file = '${certificate}'`);
    await this.sql(`alter system set ssl_ca_file = '${certificate}'`);
    await this.sql(`alter system set ssl_key_file = '${key}'`);
    await this.sql(`alter system set ssl = on`);
    await this.sql('select pg_reload_conf()');
    await until(async () => (await this.sql<{ ssl: string }>('show ssl'))[0]!.ssl === 'on'); // it only sends a signal
  }
}
