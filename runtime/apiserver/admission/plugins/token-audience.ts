import type { Pod, Volume } from '../../../api/generated/types/core/v1.ts';
import { csiDriverOf, inlineCsiDriverOf } from '../../../api/volume-drivers.ts';
import { type ApiObject, arrayAt, stringAt } from '../../registry/api-object.ts';
import type { AdmissionContext, Attributes } from '../admission.ts';

/** What keeps a search from its end is told when it has found nothing. */
type Found = { readonly found: boolean; readonly missing: readonly string[] };

/**
 * Why a node may not have a token of this audience for a pod: no volume of the pod uses one, itself or through a CSI driver, nor was the node allowed
 * to ask for it. Upstream: `validateNodeServiceAccountAudience` of `NodeRestriction`.
 */
export async function audienceProblem(pod: ApiObject, attributes: Attributes, context: AdmissionContext): Promise<string | undefined> {
  const [audience = '', another] = arrayAt(attributes.object, 'spec', 'audiences').map(String);
  if (another !== undefined) return 'node may only request 0 or 1 audiences';
  const shown = JSON.stringify(audience);
  const { found, missing } = searchVolumes(pod as Pod, audience, context);
  if (found) return undefined;
  if (missing.length > 0) {
    const [first, ...rest] = new Set(missing.map((what) => `${what} not found`));
    return `error validating audience ${shown}: ${rest.length === 0 ? first : `[${[first, ...rest].join(', ')}]`}`;
  }
  const { user, namespace, name } = attributes;
  const { decision } = await context.authorizer.authorize({
    ...{ user, namespace, name, verb: 'request-serviceaccounts-token-audience' },
    ...{ isResource: true, path: '', group: '', version: 'v1', resource: audience, subresource: '' },
  });
  if (decision === 'allow') return undefined;
  return `audience ${shown} not found in pod spec volume, ${user.name} is not authorized to request tokens for this audience`;
}

function searchVolumes(pod: Pod, audience: string, context: AdmissionContext): Found {
  const missing: string[] = [];
  for (const volume of pod.spec?.volumes ?? []) {
    if (
      volume.projected?.sources?.some(({ serviceAccountToken }) => serviceAccountToken && (serviceAccountToken.audience ?? '') === audience)
    ) {
      return { found: true, missing };
    }
    const driver = driverOf(volume, pod, context);
    if (driver === undefined) continue;
    if ('missing' in driver) {
      missing.push(driver.missing);
      continue;
    }
    const told = context.reader.get('storage.k8s.io', 'csidrivers', '', driver.name);
    if (told === undefined) missing.push(`csidriver.storage.k8s.io ${JSON.stringify(driver.name)}`);
    else if (arrayAt(told, 'spec', 'tokenRequests').some((request) => stringAt(request, 'audience') === audience)) {
      return { found: true, missing };
    }
  }
  return { found: false, missing };
}

type Driver = { readonly name: string } | { readonly missing: string };

/** The CSI driver behind a volume, or what is missing on the way to it. */
function driverOf(volume: Volume, { metadata }: Pod, { reader }: AdmissionContext): Driver | undefined {
  const claimName = volume.ephemeral === undefined ? volume.persistentVolumeClaim?.claimName : `${metadata?.name ?? ''}-${volume.name}`;
  if (claimName === undefined) return named(inlineCsiDriverOf(volume));
  const claim = reader.get('', 'persistentvolumeclaims', metadata?.namespace ?? '', claimName);
  if (claim === undefined) return { missing: `persistentvolumeclaim ${JSON.stringify(claimName)}` };
  const volumeName = stringAt(claim, 'spec', 'volumeName');
  const persistent = reader.get('', 'persistentvolumes', '', volumeName);
  return persistent === undefined ? { missing: `persistentvolume ${JSON.stringify(volumeName)}` } : named(csiDriverOf(persistent));
}

function named(name: string | undefined): Driver | undefined {
  return name === undefined ? undefined : { name };
}
