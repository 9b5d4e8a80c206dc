import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from '@jest/globals';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

it('openapi/served.json is the description of this server (if not, run `npm run openapi:write`)', () => {
  const check = () => execFileSync(process.execPath, ['scripts/openapi-write.mjs', 'check'], { cwd: ROOT });

  expect(check).not.toThrow();
});
