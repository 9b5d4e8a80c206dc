import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from './audit-log.js';
import { freePort } from './free-port.js';

const [PROMETHEUS, PROMTOOL] = ['/usr/bin/prometheus', '/usr/bin/promtool'];

/** Debian's prometheus. */
export const hasPrometheus = existsSync(PROMETHEUS) && existsSync(PROMTOOL);
if (!hasPrometheus)
  console.warn(
    'There is no prometheus on this machine: queries and alert rules are not run (apt-get install prometheus).',
  );

/** @throws Error with its output if it fails */
export const promtool = (...args: string[]): string =>
  execFileSync(PROMTOOL, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

type QueryResult = { status: string; data: unknown; error?: string };
export type Series = { metric: Record<string, string>; value: [number, string] };

/** A Prometheus that scrapes one server each half a second. */
export class Prometheus {
  private constructor(
    private readonly url: string,
    private readonly folder: string,
    private readonly child: ReturnType<typeof spawn>,
  ) {}

  static async start(target: string, rules: string): Promise<Prometheus> {
    const folder = mkdtempSync(join(tmpdir(), 'tenantry-prometheus-'));
    const config = {
      global: { scrape_interval: '500ms', evaluation_interval: '500ms' },
      rule_files: [rules],
      scrape_configs: [{ job_name: 'tenantry', static_configs: [{ targets: [new URL(target).host] }] }],
    };
    writeFileSync(join(folder, 'prometheus.yml'), JSON.stringify(config)); // YAML includes JSON
    const address = `127.0.0.1:${await freePort()}`;
    const args = [
      `--config.file=${folder}/prometheus.yml`,
      `--storage.tsdb.path=${folder}/data`,
      `--web.listen-address=${address}`,
    ];
    const child = spawn(PROMETHEUS, args, { stdio: 'ignore' });
    const prometheus = new Prometheus(`http://${address}`, folder, child);
    await until(async () => (await fetch(`http://${address}/-/ready`).catch(() => null))?.status === 200, 30);
    return prometheus;
  }

  /** The series at this moment. */
  async query(expr: string): Promise<Series[]> {
    const response = await this.get(`query?${new URLSearchParams({ query: expr }).toString()}`);
    return (response.data as { result: Series[] }).result;
  }

  /** The health of each rule by its name. */
  async ruleHealth(): Promise<Record<string, string>> {
    const { data } = await this.get('rules');
    const { groups } = data as { groups: { rules: { name: string; health: string }[] }[] };
    return Object.fromEntries(groups.flatMap(({ rules }) => rules).map(({ name, health }) => [name, health]));
  }

  async stop(): Promise<void> {
    this.child.kill();
    await once(this.child, 'exit');
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async get(path: string): Promise<QueryResult> {
    const response = (await (await fetch(`${this.url}/api/v1/${path}`)).json()) as QueryResult;
    if (response.status !== 'success') throw new Error(`${path}: ${response.error}`);
    return response;
  }
}
