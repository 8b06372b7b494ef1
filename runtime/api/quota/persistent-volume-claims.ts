import type { PersistentVolumeClaim } from '../generated/types/core/v1.ts';
import type { KubeObject } from '../object.ts';
import { compareQuantities, parseQuantity, type Quantity, quantityOf, quantityValue } from '../quantity.ts';
import { countName, type QuotaEvaluator, type Scope, scopeHolds } from './evaluator.ts';

const counted = countName('', 'persistentvolumeclaims');
const names: ReadonlySet<string> = new Set([counted, 'persistentvolumeclaims', 'requests.storage']);
/** `gold.storageclass.storage.k8s.io/requests.storage`: what claims of one class use. */
const perClass = '.storageclass.storage.k8s.io/';

const asClaim = (object: KubeObject): PersistentVolumeClaim => object as PersistentVolumeClaim;

/** Counts claims and the storage they ask for. Follows `pkg/quota/v1/evaluator/core/persistent_volume_claims.go`. */
export const persistentVolumeClaimEvaluator: QuotaEvaluator = {
  group: '',
  plural: 'persistentvolumeclaims',
  handles: ({ operation, subresource }) => subresource === '' && (operation === 'CREATE' || operation === 'UPDATE'),
  matchesResource: (name) => names.has(name) || [...names].some((each) => name.endsWith(perClass + each)),
  matchesScope: (scope, object) => inScope(scope, asClaim(object)),
  usage(object) {
    const claim = asClaim(object);
    const storage = storageOf(claim);
    const usage = new Map<string, Quantity>([
      ['persistentvolumeclaims', quantityOf(1)],
      [counted, quantityOf(1)],
    ]);
    if (storage !== undefined) usage.set('requests.storage', storage);
    const storageClass = claim.metadata?.annotations?.['volume.beta.kubernetes.io/storage-class'] ?? claim.spec?.storageClassName ?? '';
    if (storageClass === '') return usage;
    usage.set(`${storageClass}${perClass}persistentvolumeclaims`, quantityOf(1));
    if (storage !== undefined) usage.set(`${storageClass}${perClass}requests.storage`, storage);
    return usage;
  },
};

/** What is asked for or what was given already, whichever is more, in whole bytes. */
function storageOf({ spec, status }: PersistentVolumeClaim): Quantity | undefined {
  const asked = spec?.resources?.requests?.storage;
  if (asked === undefined) return undefined;
  const [request, given] = [parseQuantity(asked), parseQuantity(status?.allocatedResources?.storage ?? 0)];
  const more = compareQuantities(given, request) > 0 ? given : request;
  return more.nanos % 1_000_000_000n === 0n ? more : quantityOf(quantityValue(more), more.format);
}

function inScope(scope: Scope, { spec, status }: PersistentVolumeClaim): boolean {
  if (scope.scopeName !== 'VolumeAttributesClass') return false;
  const classes = [
    spec?.volumeAttributesClassName,
    status?.currentVolumeAttributesClassName,
    status?.modifyVolumeStatus?.targetVolumeAttributesClassName,
  ].filter((name) => name !== undefined && name !== '');
  return classes.length === 0 ? scopeHolds(scope, '') : classes.some((name) => scopeHolds(scope, name ?? ''));
}
