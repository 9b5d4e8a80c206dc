import { expect, it } from '@jest/globals';
import {
  alertRules,
  dashboard,
  dashboardQueries,
  documentedMetrics,
  metricsIn,
  type Panel,
} from '../support/observability.js';

const { uid, schemaVersion, panels, templating } = dashboard();

it('the dashboard and the alert rules use only metrics that are documented, and so served', () => {
  const documented = documentedMetrics();
  const expressions = alertRules().replaceAll(/^\s*#.*$/gm, '');
  const used = [
    ...metricsIn(
      dashboardQueries()
        .map(({ expr }) => expr)
        .join('\n'),
    ),
    ...metricsIn(expressions),
  ];

  expect(used.length).toBeGreaterThan(20);
  expect(used.filter((name) => !documented.has(name))).toEqual([]);
});

it('the dashboard shows every metric of our own', () => {
  const shown = metricsIn(
    dashboardQueries()
      .map(({ expr }) => expr)
      .join('\n'),
  );
  const alerted = metricsIn(alertRules());
  const own = [...documentedMetrics().keys()].filter((name) => name.startsWith('tenantry_'));

  // a state, which the alert and the requests to the provider tell
  expect(own.filter((name) => !shown.has(name) && !alerted.has(name))).toEqual([
    'tenantry_identity_provider_reachable',
  ]);
});

it('the panels of the dashboard have ids of their own, a place of their own and the chosen data source', () => {
  expect([typeof uid, schemaVersion]).toEqual(['string', 39]);
  expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
  expect(templating.list.map(({ name }) => name)).toEqual(['datasource', 'job', 'instance']);
  for (const panel of panels) {
    const { gridPos, type, targets = [], datasource } = panel;
    expect([panel.title, gridPos.x + gridPos.w <= 24]).toEqual([panel.title, true]);
    expect(panels.filter((other) => other !== panel && overlap(panel, other))).toEqual([]);
    if (type === 'row') continue;
    expect(datasource).toEqual({ type: 'prometheus', uid: '${datasource}' });
    expect(targets.length).toBeGreaterThan(0);
    expect(new Set(targets.map(({ refId }) => refId)).size).toBe(targets.length);
  }
});

it('every query of the dashboard can be limited to a job and an instance', () => {
  for (const { targets = [] } of panels)
    for (const { expr } of targets) {
      const selectors = expr.match(/\{[^}]*\}/g) ?? [];
      expect(selectors.length).toBeGreaterThan(0);
      for (const selector of selectors) expect(selector).toMatch(/^\{job=~"\$job",instance=~"\$instance"/);
    }
});

function overlap({ gridPos: one }: Panel, { gridPos: other }: Panel): boolean {
  const isBeside = one.x + one.w <= other.x || other.x + other.w <= one.x;
  const isAbove = one.y + one.h <= other.y || other.y + other.h <= one.y;
  return !isBeside && !isAbove;
}
