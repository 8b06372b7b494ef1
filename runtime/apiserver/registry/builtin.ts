import { kinds } from '../../api/generated/kinds.ts';
import { apiVersionOf, type Kind } from '../../api/kinds/kind.ts';
import { type Conversion, Resource } from './resource.ts';
import { compareVersions } from './resource-table.ts';
import { eventConversion } from './strategies/events.ts';
import { autoscalerConversion } from './strategies/horizontal-pod-autoscalers.ts';
import { builtinStrategy, withWarnings } from './strategies/index.ts';
import { olderClaimConversion, olderClaimTemplateConversion, olderSliceConversion } from './strategies/older-devices.ts';
import type { Strategy } from './strategy.ts';

/** Which group versions beyond the stable ones are served: `resource.k8s.io/v1beta1`, or `api/beta` and `api/all` for many. */
export type RuntimeConfig = readonly string[];

function isServed(kind: Kind, config: RuntimeConfig): boolean {
  const stability = /alpha/.test(kind.version) ? 'alpha' : /beta/.test(kind.version) ? 'beta' : 'ga';
  return stability === 'ga' || config.includes('api/all') || config.includes(`api/${stability}`) || config.includes(apiVersionOf(kind));
}

/** Where a kind stands in the store when its plural alone does not say it, as etcd has it upstream. */
const prefixes: Readonly<Record<string, string>> = {
  services: 'services/specs',
  endpoints: 'services/endpoints',
  nodes: 'minions',
  ingresses: 'ingress',
};

/** Kinds whose stored version is of another group or is not the most preferred one. */
const storedVersions: Readonly<Record<string, string>> = { 'events.k8s.io/Event': 'v1' };

const conversions: Readonly<Record<string, Conversion>> = {
  'events.k8s.io/v1/Event': eventConversion,
  'autoscaling/v1/HorizontalPodAutoscaler': autoscalerConversion,
  'resource.k8s.io/v1beta1/ResourceClaim': olderClaimConversion,
  'resource.k8s.io/v1beta1/ResourceClaimTemplate': olderClaimTemplateConversion,
  'resource.k8s.io/v1beta1/ResourceSlice': olderSliceConversion,
};

function storedKind(kind: Kind): Kind {
  const other = storedVersions[`${kind.group}/${kind.kind}`];
  const found =
    other === undefined
      ? kinds
          .filter(({ group, plural }) => group === kind.group && plural === kind.plural)
          .sort((a, b) => compareVersions(a.version, b.version))[0]
      : kinds.find((candidate) => apiVersionOf(candidate) === other && candidate.kind === kind.kind);
  return found ?? kind;
}

/** Versions of one kind that differ in nothing but their name. */
function sameShape(kind: Kind, stored: Kind): Conversion {
  return {
    toStored: (object) => ({ ...object, apiVersion: apiVersionOf(stored) }),
    fromStored: (object) => ({ ...object, apiVersion: apiVersionOf(kind) }),
  };
}

function strategyOf(stored: Kind, own: Strategy | undefined, kind: Kind): Strategy {
  return own === undefined ? builtinStrategy(kind.group, kind.plural) : withWarnings(`${stored.group}/${stored.plural}`, own);
}

/** The resources of Kubernetes that are served under this configuration. `own` replaces strategies by group and plural, `/services`. */
export function builtinResources(config: RuntimeConfig, own: Readonly<Record<string, Strategy>> = {}): Resource[] {
  return kinds
    .filter((kind) => isServed(kind, config))
    .map((kind) => {
      const stored = storedKind(kind);
      const conversion =
        conversions[`${apiVersionOf(kind)}/${kind.kind}`] ?? (stored.version === kind.version ? undefined : sameShape(kind, stored));
      return new Resource({
        kind,
        stored,
        strategy: strategyOf(stored, own[`${stored.group}/${stored.plural}`], kind),
        prefix: `/registry/${prefixes[stored.plural] ?? stored.plural}/`,
        ...(conversion === undefined ? {} : { conversion }),
      });
    });
}
