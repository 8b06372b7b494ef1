import type { ApiRequest } from './api-request.ts';

/** Kinds that are served and should not be used any more, by group, version and plural. Upstream: `k8s:prerelease-lifecycle-gen` of their types. */
const deprecated: Readonly<Record<string, string>> = {
  '/v1/componentstatuses': 'v1 ComponentStatus is deprecated in v1.19+',
  '/v1/endpoints': 'v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice',
};

/** Warns whoever asks for a deprecated kind, whatever for, as long as it can be done. */
export function warnOfDeprecated({ resource: { kind, strategy }, warnings }: ApiRequest): void {
  const warning = strategy.deprecation ?? deprecated[`${kind.group}/${kind.version}/${kind.plural}`];
  if (warning !== undefined) warnings.add(warning);
}
