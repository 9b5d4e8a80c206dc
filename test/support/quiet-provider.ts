import { Provider } from 'oidc-provider';

for (const level of ['info', 'warn'] as const) {
  const say = console[level];
  console[level] = (...words: unknown[]) => {
    if (!String(words[0]).includes('oidc-provider')) say(...words); // it advises people who run one for real
  };
}

/** Loaded once per worker, with the console of its own that is silenced here. */
export { Provider };
