/** A Deployment of one nginx, as text. */
export function deployment({ name = 'web', replicas = 1, image = 'nginx:1.25', extra = '' } = {}): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}, labels: {app: ${name}}}
spec:
  replicas: ${replicas}
  selector: {matchLabels: {app: ${name}}}
  template:
    metadata: {labels: {app: ${name}}}
    spec:
${extra}      containers: [{name: web, image: "${image}", ports: [{containerPort: 80}]}]
`;
}

/** ConfigMaps with the label `set: one`, as one stream of documents. */
export function configMaps(...names: readonly string[]): string {
  return names
    .map((name) => `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}, labels: {set: one}}\ndata: {a: b}\n`)
    .join('---\n');
}

/** A CustomResourceDefinition of widgets whose group is unique to the session. */
export const widgets = `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: widgets.shop{v}.example}
spec:
  group: shop{v}.example
  scope: Namespaced
  names: {plural: widgets, singular: widget, kind: Widget, shortNames: [wd]}
  versions:
  - name: v1
    served: true
    storage: true
    subresources: {status: {}, scale: {specReplicasPath: .spec.size, statusReplicasPath: .status.size}}
    additionalPrinterColumns: [{name: Size, type: integer, jsonPath: .spec.size}]
    schema:
      openAPIV3Schema:
        type: object
        description: A widget of the shop
        properties:
          spec:
            type: object
            description: What is wanted
            properties: {size: {type: integer, description: How big, maximum: 9}, tags: {type: array, items: {type: string}}}
          status: {type: object, properties: {size: {type: integer}, seen: {type: boolean}}}
`;

export const widget = `apiVersion: shop{v}.example/v1
kind: Widget
metadata: {name: w}
spec: {size: 3}
`;
