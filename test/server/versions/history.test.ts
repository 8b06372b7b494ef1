import { describe, expect, test } from 'vitest';
import { kinds } from '../../../runtime/api/generated/kinds.ts';
import { apiVersionOf } from '../../../runtime/api/kinds/kind.ts';
import { definitions } from '../../../runtime/api/structure/index.ts';
import { ChosenVersion } from '../../../server/versions/chosen-version.ts';
import { definitionsOf } from '../../../server/versions/derive.ts';
import { isIn, lifecycleOf, newest, releases } from '../../../server/versions/history.ts';

const fieldsOf = (release: string, definition: string) => Object.keys(definitionsOf(release, definitions)[definition]?.properties ?? {});

test('the newest release of the table is the one whose schemas are shipped', () => {
  const changes = Object.entries(releases.fields).filter(([definition]) => definitions[definition]);
  expect(changes.length).toBeGreaterThan(50);
  for (const [definition, fields] of changes) {
    const present = Object.keys(definitions[definition]?.properties ?? {});
    const added = Object.entries(fields).filter(([, change]) => isIn(change, newest));
    const removed = Object.entries(fields).filter(([, change]) => !isIn(change, newest));
    expect(present, definition).toEqual(expect.arrayContaining(added.map(([field]) => field)));
    for (const [field, change] of removed) {
      expect(present, definition).not.toContain(field);
      expect(change.schema, `${definition} ${field}`).toBeDefined();
    }
  }
});

test('kinds that are gone are not among the newest, and every other has begun', () => {
  const served = new Set(kinds.map((kind) => `${apiVersionOf(kind)} ${kind.kind}`));
  for (const kind of Object.keys(releases.gone)) expect(served).not.toContain(kind);
  for (const kind of kinds) {
    const life = lifecycleOf(apiVersionOf(kind), kind.kind);
    expect(isIn({ ...(life?.introduced && { added: life.introduced }), ...(life?.removed && { removed: life.removed }) }, newest)).toBe(
      true,
    );
  }
});

test('definitions refer to nothing that a release does not have', () => {
  for (const release of releases.releases) {
    const derived = definitionsOf(release, definitions);
    for (const [name, schema] of Object.entries(derived)) {
      for (const [, target = ''] of JSON.stringify(schema).matchAll(/"#\/definitions\/([^"]+)"/g)) {
        expect(derived[target], `${release} ${name} → ${target}`).toBeDefined();
      }
    }
  }
});

// When each field came, as the release notes tell.
describe.each([
  ['io.k8s.api.core.v1.Volume', 'image', '1.31'],
  ['io.k8s.api.core.v1.PodSecurityContext', 'supplementalGroupsPolicy', '1.31'],
  ['io.k8s.api.core.v1.PodSpec', 'resources', '1.32'],
  ['io.k8s.api.core.v1.PodSecurityContext', 'seLinuxChangePolicy', '1.32'],
  ['io.k8s.api.core.v1.Lifecycle', 'stopSignal', '1.33'],
  ['io.k8s.api.autoscaling.v2.HPAScalingRules', 'tolerance', '1.33'],
  ['io.k8s.api.core.v1.PodSpec', 'hostnameOverride', '1.34'],
  ['io.k8s.api.core.v1.Container', 'restartPolicyRules', '1.34'],
  ['io.k8s.api.core.v1.EnvVarSource', 'fileKeyRef', '1.34'],
  ['io.k8s.api.storage.v1.CSIDriverSpec', 'serviceAccountTokenInSecrets', '1.35'],
  ['io.k8s.api.core.v1.PodSpec', 'schedulingGroup', '1.36'],
])('%s.%s', (definition, field, since) => {
  test.each(releases.releases)(`is ${since === newest ? 'only ' : ''}there from ${since} on: %s`, (release) => {
    expect(fieldsOf(release, definition).includes(field)).toBe(releases.releases.indexOf(release) >= releases.releases.indexOf(since));
  });
});

test('a field that is gone is there until then', () => {
  const having = (definition: string, field: string) =>
    releases.releases.filter((release) => fieldsOf(release, definition).includes(field));
  expect(having('io.k8s.api.core.v1.PodSpec', 'workloadRef')).toEqual(['1.35']);
  expect(having('io.k8s.api.core.v1.PodResourceClaim', 'source')).toEqual(['1.30']);
});

test('an enumeration has the values of its release', () => {
  const operators = (release: string) => definitionsOf(release, definitions)['io.k8s.api.core.v1.Toleration']?.properties?.operator?.enum;
  expect(operators('1.34')).toEqual(['Equal', 'Exists']);
  expect(operators('1.35')).toEqual(expect.arrayContaining(['Equal', 'Exists', 'Gt', 'Lt']));
});

describe('the chosen version', () => {
  const chosen = (setting: unknown, cluster?: string) => {
    const version = new ChosenVersion();
    version.choose(setting);
    version.connect(cluster);
    return version.release;
  };
  test.each([
    [undefined, undefined, '1.36'],
    ['newest', 'v1.31.2', '1.36'],
    ['cluster', undefined, '1.36'],
    ['cluster', 'v1.31.2', '1.31'],
    [undefined, 'v1.33.4-gke.100', '1.33'],
    ['cluster', 'v1.28.0', '1.30'],
    ['cluster', 'v1.40.0', '1.36'],
    ['1.32', 'v1.35.0', '1.32'],
    ['v1.33', undefined, '1.33'],
    ['v1.33.4+k3s1', undefined, '1.33'],
    ['1.33.4-gke.100', undefined, '1.33'],
    ['v1.33.0-rc.1+rke2r1', 'v1.35.0', '1.33'],
    [1.3, undefined, '1.30'],
    ['1.333', undefined, '1.36'],
    ['2.0', undefined, '1.36'],
    [{}, 'not a version', '1.36'],
  ])('setting %j, cluster %j: %s', (setting, cluster, release) => expect(chosen(setting, cluster)).toBe(release));

  test('has a new generation when the release changes and only then', () => {
    const version = new ChosenVersion();
    version.choose('newest');
    version.connect('v1.30.1');
    expect(version.generation).toBe(0);
    version.choose('cluster');
    expect([version.release, version.generation]).toEqual(['1.30', 1]);
  });
});
