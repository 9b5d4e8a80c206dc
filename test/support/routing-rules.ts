/** A rule of an Ingress or an HTTPRoute: a path, with all below it if it is a prefix, goes here or to LangSmith. */
export type RoutingRule = { path: string; match: 'Exact' | 'Prefix'; to: 'here' | 'langsmith' };

const isBelow = (path: string, parent: string) => path === parent || path.startsWith(`${parent}/`);

/** The rule that decides: an exact one, or else the one with the longest prefix. Without a rule: LangSmith. */
export function destinationOf(path: string, rules: readonly RoutingRule[]): RoutingRule['to'] {
  const exact = rules.find((rule) => rule.match === 'Exact' && rule.path === path);
  const [longest] = rules
    .filter((rule) => rule.match === 'Prefix' && isBelow(path, rule.path))
    .sort((a, b) => b.path.length - a.path.length);
  return (exact ?? longest)?.to ?? 'langsmith';
}

/**
 * The fewest rules that send the paths of `served` here and those of `foreign` to LangSmith. A rule cannot look behind
 * a parameter, written `{}`: all below its parent is sent here, except the names that lead to foreign paths.
 */
export function computeRules(served: readonly string[], foreign: readonly string[]): RoutingRule[] {
  return rulesBelow('', served, foreign, 'langsmith');
}

function rulesBelow(
  parent: string,
  served: readonly string[],
  foreign: readonly string[],
  otherwise: RoutingRule['to'],
): RoutingRule[] {
  const ownPaths = served.filter((path) => isBelow(path, parent));
  const foreignPaths = foreign.filter((path) => isBelow(path, parent));
  const names = new Set(
    [...ownPaths, ...foreignPaths].map((path) => path.slice(parent.length).split('/')[1] ?? ''),
  );
  const prefix =
    ownPaths.length > 0 &&
    (foreignPaths.length === 0 || ownPaths.some((path) => path.startsWith(`${parent}/{}`)));
  const to = prefix || foreignPaths.length === 0 ? 'here' : 'langsmith';

  return [
    ...(prefix || !ownPaths.includes(parent) ? [] : [{ path: parent, match: 'Exact', to: 'here' } as const]),
    ...(to === otherwise || ownPaths.length + foreignPaths.length === 0
      ? []
      : [{ path: parent, match: 'Prefix', to } as const]),
    ...(foreignPaths.length === 0
      ? []
      : [...names]
          .filter((name) => name !== '' && name !== '{}')
          .flatMap((name) => rulesBelow(`${parent}/${name}`, ownPaths, foreignPaths, to))),
  ];
}
