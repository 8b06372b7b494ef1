import type { StructuralSchema } from './structural.ts';

/** Fields of a kustomization as `sigs.k8s.io/kustomize/api/types` has them, described in our words. */

const text = (description: string, more: Partial<StructuralSchema> = {}): StructuralSchema => ({ type: 'string', description, ...more });
const flag = (description: string): StructuralSchema => ({ type: 'boolean', description });
const whole = (description: string): StructuralSchema => ({ type: 'integer', description });
const texts = (description: string): StructuralSchema => ({ type: 'array', items: { type: 'string' }, description });
const map = (description: string): StructuralSchema => ({ type: 'object', additionalProperties: { type: 'string' }, description });
const object = (description: string, properties: Readonly<Record<string, StructuralSchema>>, required?: string[]): StructuralSchema => ({
  type: 'object',
  description,
  properties,
  ...(required && { required }),
});
const list = (description: string, items: StructuralSchema): StructuralSchema => ({ type: 'array', items, description });
const free = (description: string): StructuralSchema => ({ type: 'object', 'x-kubernetes-preserve-unknown-fields': true, description });

const gvk = {
  group: text('API group of the objects, a regular expression where objects are selected.'),
  version: text('API version of the objects.'),
  kind: text('Kind of the objects.'),
};
const resId = { ...gvk, name: text('Name of the object, before prefixes and suffixes.'), namespace: text('Namespace of the object.') };
const selectorFields = {
  ...resId,
  labelSelector: text('Chooses objects by their labels, written as for `kubectl get -l`.'),
  annotationSelector: text('Chooses objects by their annotations, written like a label selector.'),
};
const selector = (description: string) => object(description, selectorFields);
const fieldSpec = object('A field of some kinds.', {
  ...gvk,
  path: text('Path of the field, with `/` between its names: `spec/template/metadata/labels`.'),
  create: flag('Whether the field is made where it is missing.'),
});

const generatorOptions = object('How ConfigMaps and Secrets are generated.', {
  labels: map('Labels of what is generated.'),
  annotations: map('Annotations of what is generated.'),
  disableNameSuffixHash: flag('Leaves out the hash of the content that is otherwise put behind the name.'),
  immutable: flag('Makes what is generated immutable.'),
});

const generator = (kind: string, more: Readonly<Record<string, StructuralSchema>> = {}) =>
  object(`A ${kind} made from literals and files.`, {
    name: text(`Name of the ${kind}; a hash of the content is put behind it.`),
    namespace: text(`Namespace of the ${kind}.`),
    behavior: text('What to do with one of the same name: make a new one, replace it, or merge into it.', {
      enum: ['create', 'replace', 'merge'],
    }),
    literals: texts('Entries, each as `key=value`.'),
    files: texts('Files whose content becomes an entry each: `path` or `key=path`.'),
    envs: texts('Files with a `key=value` in each line.'),
    env: text('A file with a `key=value` in each line. Deprecated: write it into `envs`.'),
    options: generatorOptions,
    ...more,
  });

const patch = object('A strategic merge patch or a JSON patch, and what it is applied to.', {
  path: text('File with the patch.'),
  patch: text('The patch itself, mostly as a block: `|-`.'),
  target: selector('The objects that are patched. A strategic merge patch may name its object itself instead.'),
  options: object('What the patch may change beyond fields.', {
    allowNameChange: flag('Whether the patch may change the name.'),
    allowKindChange: flag('Whether the patch may change the kind.'),
  }),
});

const image = object('Another name, tag or digest for an image.', {
  name: text('The image as manifests name it, without a tag.'),
  newName: text('The name to use instead.'),
  newTag: text('The tag to use instead.'),
  tagSuffix: text('What to put behind the tag.'),
  digest: text('The digest to use instead of a tag.'),
});

const fieldOptions = object('How a field is read and written.', {
  delimiter: text('Splits the value into parts.'),
  index: whole('Which part is meant, from 0.'),
  create: flag('Whether the field is made where it is missing.'),
  encoding: text('How the value is encoded.'),
});

const replacement = object('Copies a value from one field to others.', {
  path: text('File with the replacement.'),
  source: object('Where the value comes from.', {
    ...resId,
    fieldPath: text('Path of the field, `metadata.name` if left out.'),
    options: fieldOptions,
  }),
  sourceValue: text('The value itself, instead of a source.'),
  targets: list(
    'Where the value goes.',
    object('Fields of some objects.', {
      select: selector('The objects that are changed.'),
      reject: list('Objects among them that are not.', selector('Objects that are left alone.')),
      fieldPaths: texts('Paths of the fields.'),
      options: fieldOptions,
    }),
  ),
});

const helmChart = object('A Helm chart that is rendered.', {
  name: text('Name of the chart.'),
  version: text('Version of the chart.'),
  repo: text('URL of the repository.'),
  releaseName: text('Name of the release.'),
  namespace: text('Namespace of the release.'),
  valuesFile: text('File with values, instead of the chart’s own.'),
  additionalValuesFiles: texts('More files with values.'),
  valuesInline: free('Values.'),
  valuesMerge: text('How `valuesInline` goes together with the file’s values.', {
    enum: ['merge', 'override', 'replace'],
    default: 'override',
  }),
  includeCRDs: flag('Whether the chart’s CustomResourceDefinitions are rendered, too.'),
  skipHooks: flag('Leaves out hooks.'),
  skipTests: flag('Leaves out tests.'),
  apiVersions: texts('What the chart finds in `Capabilities.APIVersions`.'),
  kubeVersion: text('What the chart finds in `Capabilities.KubeVersion`.'),
  nameTemplate: text('Template of the release’s name.'),
  debug: flag('Passes `--debug` to helm.'),
  devel: flag('Allows development releases.'),
});

const oldChart = object('A Helm chart that is rendered, as it was written before there was `helmCharts`.', {
  chartName: text('Name of the chart.'),
  chartVersion: text('Version of the chart.'),
  chartRepoUrl: text('URL of the repository.'),
  chartRepoName: text('Name of the repository.'),
  chartHome: text('Folder of the charts.'),
  helmHome: text('What helm finds in `HELM_CONFIG_HOME`.'),
  helmBin: text('Without effect.'),
  values: text('File with values, instead of the chart’s own.'),
  valuesLocal: free('Values.'),
  valuesMerge: helmChart.properties?.valuesMerge ?? {},
  releaseName: text('Name of the release.'),
  releaseNamespace: text('Without effect.'),
  extraArgs: texts('Without effect.'),
});

const variable = object(
  'A value of a field that replaces `$(NAME)`.',
  {
    name: text('The name between `$(` and `)`.'),
    objref: object('The object.', { ...resId, apiVersion: text('API version of the object.') }, ['name']),
    fieldref: object('The field.', { fieldPath: text('Path of the field, `metadata.name` if left out.') }),
  },
  ['name', 'objref'],
);

/** The fields of a Kustomization; a Component has the same. */
export const kustomizationSchema: StructuralSchema = object('What kustomize builds from manifests and patches.', {
  apiVersion: text('Version of the format.'),
  kind: text('Kustomization or Component.'),
  metadata: object('Name and notes of the kustomization itself.', {
    name: text('A name.'),
    namespace: text('A namespace.'),
    labels: map('Labels.'),
    annotations: map('Annotations.'),
  }),
  resources: texts('Manifests, and folders or URLs of other kustomizations, that are taken in.'),
  components: texts('Folders or URLs of Components, which change what was taken in.'),
  crds: texts('Files with CustomResourceDefinitions that tell kustomize about custom resources.'),
  namePrefix: text('What is put before all names, and before references to them.'),
  nameSuffix: text('What is put behind all names, and behind references to them.'),
  namespace: text('The namespace of all objects.'),
  commonLabels: map('Labels of all objects and of their selectors. `labels` can leave the selectors alone.'),
  labels: list(
    'Labels of all objects.',
    object('Some labels and where they go.', {
      pairs: map('The labels.'),
      includeSelectors: flag('Whether selectors and pod templates get them, too.'),
      includeTemplates: flag('Whether pod templates get them, too.'),
      fields: list('More fields that get them.', fieldSpec),
    }),
  ),
  commonAnnotations: map('Annotations of all objects.'),
  configMapGenerator: list('ConfigMaps made from literals and files.', generator('ConfigMap')),
  secretGenerator: list(
    'Secrets made from literals and files.',
    generator('Secret', { type: text('Type of the Secret, `Opaque` if left out.') }),
  ),
  generatorOptions,
  patches: list('Changes to objects.', patch),
  patchesStrategicMerge: texts('Deprecated: write `patches` instead. Files with strategic merge patches, or the patches themselves.'),
  patchesJson6902: list('Deprecated: write `patches` instead. JSON patches and their targets.', patch),
  images: list('Other names, tags or digests for images.', image),
  imageTags: list('Deprecated: write `images` instead.', image),
  replicas: list(
    'Other numbers of replicas.',
    object('How many replicas one workload has.', { name: text('Name of the workload.'), count: whole('How many.') }),
  ),
  replacements: list('Values that are copied from field to field.', replacement),
  vars: list('Deprecated: write `replacements` instead. Values of fields that replace `$(NAME)`.', variable),
  bases: texts('Deprecated: write them into `resources`. Folders of other kustomizations.'),
  helmCharts: list('Helm charts that are rendered; kustomize must run with `--enable-helm`.', helmChart),
  helmGlobals: object('What holds for all charts.', {
    chartHome: text('Folder of the charts.', { default: 'charts' }),
    configHome: text('What helm finds in `HELM_CONFIG_HOME`.'),
  }),
  helmChartInflationGenerator: list('Deprecated: write `helmCharts` instead.', oldChart),
  generators: texts('Files or folders with generators of one’s own.'),
  transformers: texts('Files or folders with transformers of one’s own.'),
  validators: texts('Files or folders with validators of one’s own.'),
  configurations: texts('Files that tell the transformers which fields to change.'),
  openapi: object('Which schema tells how to merge.', {
    path: text('File with an OpenAPI document.'),
    version: text('Kubernetes version.'),
  }),
  sortOptions: object('In which order objects are written.', {
    order: text('`legacy`: by kind. `fifo`: as they were taken in.', { enum: ['legacy', 'fifo'] }),
    legacySortOptions: object('Changes to the order by kind.', {
      orderFirst: texts('Kinds that come first.'),
      orderLast: texts('Kinds that come last.'),
    }),
  }),
  buildMetadata: list('What is written about the build into the objects.', {
    type: 'string',
    enum: ['originAnnotations', 'transformerAnnotations', 'managedByLabel'],
  }),
  inventory: free('Deprecated and without effect.'),
});

export const kustomizeGroup = 'kustomize.config.k8s.io';

/** The API versions of the two kinds. */
export const kustomizeKinds: readonly { readonly apiVersion: string; readonly kind: string }[] = [
  { apiVersion: 'kustomize.config.k8s.io/v1beta1', kind: 'Kustomization' },
  { apiVersion: 'kustomize.config.k8s.io/v1alpha1', kind: 'Component' },
];
