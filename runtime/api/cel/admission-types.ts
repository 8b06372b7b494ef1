import { boolType, type CelType, dynType, intType, listOf, mapOf, stringType, structOf, timestampType } from './check/index.ts';

/** The types of what admission expressions speak of, after upstream's `BuildRequestType` and `BuildNamespaceType`. */

function texts(...names: readonly string[]): Readonly<Record<string, CelType>> {
  return Object.fromEntries(names.map((name) => [name, stringType]));
}

const kindType = structOf('kubernetes.GroupVersionKind', texts('group', 'version', 'kind'));
const resourceType = structOf('kubernetes.GroupVersionResource', texts('group', 'version', 'resource'));
const userType = structOf('kubernetes.UserInfo', {
  ...texts('username', 'uid'),
  groups: listOf(stringType),
  extra: mapOf(stringType, listOf(stringType)),
});

export const requestType = structOf('kubernetes.AdmissionRequest', {
  kind: kindType,
  resource: resourceType,
  requestKind: kindType,
  requestResource: resourceType,
  ...texts('subResource', 'requestSubResource', 'name', 'namespace', 'operation'),
  userInfo: userType,
  dryRun: boolType,
  options: dynType,
});

const textMap = mapOf(stringType, stringType);
const namespaceCondition = structOf('kubernetes.NamespaceCondition', {
  ...texts('status', 'type', 'message', 'reason'),
  lastTransitionTime: timestampType,
});

export const namespaceType = structOf('kubernetes.Namespace', {
  metadata: structOf('kubernetes.NamespaceMetadata', {
    ...texts('name', 'generateName', 'namespace', 'UID', 'resourceVersion'),
    labels: textMap,
    annotations: textMap,
    creationTimestamp: timestampType,
    deletionTimestamp: timestampType,
    deletionGracePeriodSeconds: intType,
    generation: intType,
    finalizers: listOf(stringType),
  }),
  spec: structOf('kubernetes.NamespaceSpec', { finalizers: listOf(stringType) }),
  status: structOf('kubernetes.NamespaceStatus', { conditions: listOf(namespaceCondition), phase: stringType }),
});
