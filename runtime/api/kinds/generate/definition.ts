/** A schema while it is being put together: {@link Schema} of `../schema.ts` with its descriptions still in place. */
export interface Draft {
  type?: string;
  format?: string;
  $ref?: string;
  description?: string;
  properties?: Record<string, Draft>;
  required?: string[];
  additionalProperties?: Draft;
  items?: Draft;
  enum?: string[];
  [extension: `x-kubernetes-${string}`]: unknown;
}

export type Drafts = Map<string, Draft>;

const families: readonly (readonly [RegExp, string])[] = [
  [
    /^IoK8sApiextensionsApiserverPkgApisApiextensions(V\d+(?:(?:alpha|beta)\d+)?)(\w+)$/,
    'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions',
  ],
  [/^IoK8sKubeAggregatorPkgApisApiregistration(V\d+(?:(?:alpha|beta)\d+)?)(\w+)$/, 'io.k8s.kube-aggregator.pkg.apis.apiregistration'],
  [/^IoK8sApimachineryPkgApisMeta(V1)(\w+)$/, 'io.k8s.apimachinery.pkg.apis.meta'],
];
const unversioned: readonly (readonly [RegExp, string])[] = [
  [/^IoK8sApimachineryPkgApiResource(\w+)$/, 'io.k8s.apimachinery.pkg.api.resource'],
  [/^IoK8sApimachineryPkgUtilIntstr(\w+)$/, 'io.k8s.apimachinery.pkg.util.intstr'],
  [/^IoK8sApimachineryPkgRuntime(\w+)$/, 'io.k8s.apimachinery.pkg.runtime'],
  [/^IoK8sApimachineryPkgVersion(\w+)$/, 'io.k8s.apimachinery.pkg.version'],
];

/** `IoK8sApiAppsV1DeploymentSpec` → `io.k8s.api.apps.v1.DeploymentSpec`. */
export function openApiName(alias: string): string {
  for (const [pattern, prefix] of families) {
    const match = pattern.exec(alias);
    if (match) return `${prefix}.${match[1]?.toLowerCase()}.${match[2]}`;
  }
  for (const [pattern, prefix] of unversioned) {
    const match = pattern.exec(alias);
    if (match) return `${prefix}.${match[1]}`;
  }
  const match = /^IoK8sApi([A-Z][a-z]+)(V\d+(?:(?:alpha|beta)\d+)?)(\w+)$/.exec(alias);
  if (!match) throw new Error(`no OpenAPI name is known for ${alias}`);
  return `io.k8s.api.${match[1]?.toLowerCase()}.${match[2]?.toLowerCase()}.${match[3]}`;
}

export const reference = (name: string): Draft => ({ $ref: `#/definitions/${name}` });

/** The shapes that Go marshals by hand; the packages know them as plain strings or not at all. */
export const handMade: Readonly<Record<string, Draft>> = {
  'io.k8s.apimachinery.pkg.api.resource.Quantity': { type: 'string', format: 'quantity' },
  'io.k8s.apimachinery.pkg.util.intstr.IntOrString': { type: 'string', format: 'int-or-string', 'x-kubernetes-int-or-string': true },
  'io.k8s.apimachinery.pkg.apis.meta.v1.Time': { type: 'string', format: 'date-time' },
  'io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime': { type: 'string', format: 'date-time' },
  'io.k8s.apimachinery.pkg.apis.meta.v1.FieldsV1': { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
  'io.k8s.apimachinery.pkg.runtime.RawExtension': { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
};

/** Fields whose objects the packages write out in full where the API refers to a definition. */
export const referencedItems: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'io.k8s.api.apps.v1.StatefulSetSpec': { volumeClaimTemplates: 'io.k8s.api.core.v1.PersistentVolumeClaim' },
};
