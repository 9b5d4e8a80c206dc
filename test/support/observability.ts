import { readFileSync } from 'node:fs';

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

type Target = { refId: string; expr: string };
export type Panel = {
  id: number;
  type: string;
  title: string;
  gridPos: { x: number; y: number; w: number; h: number };
  datasource?: { type: string; uid: string };
  targets?: Target[];
};
type Variable = { name: string; type: string; definition?: string };

/** The part of Grafana's dashboard model that is checked. */
export type Dashboard = {
  uid: string;
  title: string;
  schemaVersion: number;
  panels: Panel[];
  templating: { list: Variable[] };
};

export const dashboard = (): Dashboard =>
  JSON.parse(read('deploy/observability/dashboard.json')) as Dashboard;

/** Each query of a panel, with the variables of Grafana replaced as it does. */
export const dashboardQueries = (): { title: string; expr: string }[] =>
  dashboard().panels.flatMap(({ title, targets = [] }) =>
    targets.map(({ expr }) => ({
      title,
      expr: expr.replaceAll(/\$(?:job|instance)\b/g, '.*').replaceAll('$__rate_interval', '1m'),
    })),
  );

export const ALERTS_FILE = new URL('../../deploy/observability/alerts.yaml', import.meta.url).pathname;
export const ALERT_TESTS_FILE = new URL('../../deploy/observability/alerts.test.yaml', import.meta.url)
  .pathname;
export const alertRules = (): string => read('deploy/observability/alerts.yaml');

/** The metrics of docs/metrics.md by their types; a test compares them with what is served. */
export const documentedMetrics = (): Map<string, string> =>
  new Map(
    [...read('docs/metrics.md').matchAll(/^\| `([a-z0-9_]+)` +\| (\w+) +\|/gm)].map(([, name, type]) => [
      name!,
      type!,
    ]),
  );

/** The metrics that queries name, without the suffixes of a histogram. */
export function metricsIn(text: string): Set<string> {
  const names = text.match(/\b(?:tenantry|http|nodejs|process)_[a-z0-9_]+/g) ?? [];
  return new Set(names.map((name) => name.replace(/(?<=_seconds)_(?:bucket|count|sum)$/, '')));
}
