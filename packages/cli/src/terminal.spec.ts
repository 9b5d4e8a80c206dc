import { expect, it } from '@jest/globals';
import { safe, safeJson } from './terminal.js';

const HOSTILE = 'Ada\u001b[2J\u009b31m\u202egrace\u2066\u0007\nroot';

it('shows no control or bidirectional character of a name on a terminal', () => {
  expect(safe(HOSTILE)).toBe('Ada\ufffd[2J\ufffd31m\ufffdgrace\ufffd\ufffd\ufffdroot');
  expect(safe('Zoë Ångström 山田 👩‍🚀')).toBe('Zoë Ångström 山田 👩‍🚀');
});

it('escapes such characters in JSON, which keeps its value', () => {
  const json = safeJson({ name: HOSTILE }, 2);

  expect(safe(json.replaceAll('\n', ''))).toBe(json.replaceAll('\n', ''));
  expect(JSON.parse(json)).toEqual({ name: HOSTILE });
});
