import { expect, test } from 'vitest';
import type { AppArmorProfile, Pod } from '../../runtime/api/generated/types/core/v1.ts';
import { takeOverAppArmor } from '../../runtime/api/pod-app-armor.ts';

const key = 'container.apparmor.security.beta.kubernetes.io/c';
const deprecated = `metadata.annotations[${key}]: deprecated since v1.30; use the "appArmorProfile" field instead`;

interface Given {
  readonly own?: AppArmorProfile;
  readonly ofPod?: AppArmorProfile;
  readonly os?: string;
}

test.each<[string, Given, AppArmorProfile | undefined, boolean]>([
  ['unconfined', {}, { type: 'Unconfined' }, true],
  ['runtime/default', {}, { type: 'RuntimeDefault' }, true],
  ['localhost/mine', {}, { type: 'Localhost', localhostProfile: 'mine' }, true],
  ['localhost/', {}, undefined, true],
  ['localhost/ mine', {}, undefined, true],
  [`localhost/${'a'.repeat(4096)}`, {}, undefined, true],
  ['else', {}, undefined, true],
  ['unconfined', { ofPod: { type: 'Unconfined' } }, undefined, false],
  ['unconfined', { ofPod: { type: 'RuntimeDefault' } }, { type: 'Unconfined' }, true],
  ['unconfined', { own: { type: 'Unconfined' } }, { type: 'Unconfined' }, false],
  ['unconfined', { os: 'windows' }, undefined, false],
])('the annotation %.20s with %j', (annotation, { own, ofPod, os }, wanted, isWarned) => {
  const pod: Pod = {
    metadata: { annotations: { [key]: annotation } },
    spec: {
      containers: [{ name: 'c', ...(own && { securityContext: { appArmorProfile: own } }) }, { name: 'other' }],
      ...(ofPod && { securityContext: { appArmorProfile: ofPod } }),
      ...(os && { os: { name: os } }),
    },
  };
  const warnings: string[] = [];
  takeOverAppArmor(pod, (text) => warnings.push(text));
  expect(pod.spec?.containers[0]?.securityContext?.appArmorProfile).toEqual(wanted);
  expect(pod.spec?.containers[1]).toEqual({ name: 'other' });
  expect(warnings).toEqual(isWarned ? [deprecated] : []);
});

test('init containers have theirs, and a field alone makes no annotation', () => {
  const pod: Pod = {
    metadata: { annotations: { [key]: 'unconfined' } },
    spec: {
      initContainers: [{ name: 'c' }],
      containers: [{ name: 'other', securityContext: { appArmorProfile: { type: 'Unconfined' } } }],
    },
  };
  takeOverAppArmor(pod, () => {});
  expect(pod.spec?.initContainers).toEqual([{ name: 'c', securityContext: { appArmorProfile: { type: 'Unconfined' } } }]);
  expect(pod.metadata?.annotations).toEqual({ [key]: 'unconfined' });
});
