import type { ApiRequest } from './api-request.ts';

/** Kinds that are served and should not be used any more, by group, version and plural. Upstream: `k8s:prerelease-lifecycle-gen` of their types. */
const deprecations: Readonly<Record<string, string>> = {
  '/v1/componentstatuses': 'v1 ComponentStatus is deprecated in v1.19+',
  '/v1/endpoints': 'v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice',
};

/** Warns whoever asks for a deprecated kind, whatever for, as long as it can be done, and notes it for those who look after the cluster. */
export function warnOfDeprecated({ resource: { kind, strategy }, warnings, annotate, deprecated }: ApiRequest): void {
  const warning = strategy.deprecation ?? deprecations[`${kind.group}/${kind.version}/${kind.plural}`];
  if (warning === undefined) return;
  warnings.add(warning);
  annotate?.('k8s.io/deprecated', 'true');
  deprecated();
}
