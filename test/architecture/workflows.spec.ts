import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';

type Job = readonly [name: string, text: string];

const workflows = globSync('.github/workflows/*.yml').sort();
const read = (path: string) => readFileSync(path, 'utf8').replaceAll(/(^|\s)#(?! v\d).*$/gm, '');

const jobsOf = (workflow: string): readonly Job[] =>
  workflow
    .slice(workflow.indexOf('\njobs:'))
    .split(/^ {2}(?=\w+:$)/m)
    .slice(1)
    .map((text) => [text.slice(0, text.indexOf(':')), text]);

const hasMore = (text: string) => /: write\b|write-all|\bsecrets\b/.test(text);

describe('the workflows', () => {
  it.each(workflows)('%s uses actions by the commit of a version', (path) => {
    const used = [...read(path).matchAll(/\buses: (.+)$/gm)].map(([, action]) => action!.trim());
    const unpinned = used.filter(
      (action) => !/^(?:\.\/\S+|[\w-]+\/[\w/-]+@[\da-f]{40} # v\d+\.\d+\.\d+)$/.test(action),
    );

    expect(used.length).toBeGreaterThan(2);
    expect(unpinned).toEqual([]);
  });

  it.each(workflows)('%s only reads, unless a job in a protected environment needs more', (path) => {
    const workflow = read(path);
    const jobs = jobsOf(workflow);

    expect(workflow).toMatch(/^permissions:\n {2}contents: read\n\n/m);
    expect(hasMore(workflow.slice(0, workflow.indexOf('\njobs:')))).toBe(false);
    expect(jobs.filter(([, text]) => hasMore(text) && !/^ {4}environment: /m.test(text))).toEqual([]);
  });

  it('give a pull request no secret and no right to write', () => {
    const forPullRequests = workflows.map(read).filter((text) => /\bpull_request/.test(text));

    expect(forPullRequests).toHaveLength(1);
    expect(forPullRequests.filter((text) => hasMore(text) || text.includes('pull_request_target'))).toEqual(
      [],
    );
  });

  it('publish nothing before the tag was compared and the gate has passed', () => {
    const jobs = new Map(jobsOf(read('.github/workflows/release.yml')));
    const neededBy = (name: string): string[] => {
      const [, list = ''] = /^ {4}needs: \[?(.*?)\]?$/m.exec(jobs.get(name) ?? '') ?? [];
      const needs = list.split(', ').filter(Boolean);
      return [...needs, ...needs.flatMap(neededBy)];
    };
    const publishing = [...jobs].filter(([, text]) => hasMore(text)).map(([name]) => name);

    expect(publishing).toEqual(['image', 'edge', 'release']);
    for (const name of publishing)
      expect(neededBy(name)).toEqual(expect.arrayContaining(['version', 'gate']));
  });
});
