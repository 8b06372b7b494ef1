import type { V1ResourceRequirements } from '@kubernetes/client-node';
import { expect } from 'vitest';
import { behaviour, pausePod, ready, type Scope } from './support/behaviour.ts';
import { core, eventually, strategicPatch } from './support/cluster.ts';

type Wanted = Readonly<Record<string, V1ResourceRequirements>>;

const guaranteed = (cpu: string, memory: string): V1ResourceRequirements => ({ requests: { cpu, memory }, limits: { cpu, memory } });
const burstable = (cpu: [string, string], memory: [string, string]): V1ResourceRequirements => ({
  requests: { cpu: cpu[0], memory: memory[0] },
  limits: { cpu: cpu[1], memory: memory[1] },
});

const containersOf = (wanted: Wanted) =>
  Object.entries(wanted).map(([name, resources]) => ({ name, image: 'registry.k8s.io/pause:3.10.1', resources }));

/** Runs a pod and waits until it is ready. */
async function run(scope: Scope, wanted: Wanted): Promise<string> {
  const namespace = await scope.namespace();
  await core.createNamespacedPod({ namespace, body: pausePod('resized', {}, { containers: containersOf(wanted) }) });
  await ready(namespace, 'resized');
  return namespace;
}

/** Waits until the containers say that they have what is wanted, of which none was started again. */
async function have(namespace: string, wanted: Wanted): Promise<void> {
  await eventually('the containers have what they ask for', async () => {
    const { status, metadata } = await core.readNamespacedPod({ namespace, name: 'resized' });
    return status?.observedGeneration === metadata?.generation && !status?.conditions?.some(({ type }) => type.startsWith('PodResize'));
  });
  const { spec, status } = await core.readNamespacedPod({ namespace, name: 'resized' });
  const asked = Object.fromEntries((spec?.containers ?? []).map(({ name, resources }) => [name, resources]));
  const given = Object.fromEntries((status?.containerStatuses ?? []).map(({ name, resources }) => [name, resources]));
  expect([asked, given]).toEqual([wanted, wanted]);
  expect(status?.containerStatuses?.map(({ restartCount }) => restartCount)).toEqual(Object.keys(wanted).map(() => 0));
}

/** Resizes a pod by a patch. */
async function resize(scope: Scope, before: Wanted, after: Wanted): Promise<void> {
  const namespace = await run(scope, before);
  await have(namespace, before);
  const patch = (wanted: Wanted) => {
    const containers = Object.entries(wanted).map(([name, resources]) => ({ name, resources }));
    return core.patchNamespacedPodResize({ namespace, name: 'resized', body: { spec: { containers } } }, strategicPatch);
  };
  await patch(after);
  await have(namespace, after);
}

const three = { c1: guaranteed('20m', '50Mi'), c2: guaranteed('20m', '50Mi'), c3: guaranteed('20m', '50Mi') };

behaviour(
  '[sig-node] Pod InPlace Resize Container guaranteed pods with multiple containers 3 containers - increase cpu & mem on c1, c2, decrease cpu & mem on c3 - net increase',
  (scope) => resize(scope, three, { c1: guaranteed('25m', '55Mi'), c2: guaranteed('25m', '55Mi'), c3: guaranteed('15m', '45Mi') }),
);

behaviour(
  '[sig-node] Pod InPlace Resize Container guaranteed pods with multiple containers 3 containers - increase cpu & mem on c1, decrease cpu & mem on c2, c3 - net decrease',
  (scope) => resize(scope, three, { c1: guaranteed('25m', '55Mi'), c2: guaranteed('15m', '45Mi'), c3: guaranteed('15m', '45Mi') }),
);

behaviour(
  '[sig-node] Pod InPlace Resize Container guaranteed pods with multiple containers 3 containers - increase: CPU (c1,c3), memory (c2, c3) ; decrease: CPU (c2)',
  (scope) => resize(scope, three, { c1: guaranteed('25m', '50Mi'), c2: guaranteed('15m', '55Mi'), c3: guaranteed('25m', '55Mi') }),
);

behaviour(
  '[sig-node] Pod InPlace Resize Container burstable pods - extended 6 containers - various operations performed (including adding limits and requests)',
  (scope) =>
    resize(
      scope,
      {
        c1: {},
        c2: { requests: { memory: '50Mi' } },
        c3: { requests: { cpu: '20m', memory: '50Mi' } },
        c4: burstable(['20m', '30m'], ['50Mi', '60Mi']),
        c5: burstable(['20m', '30m'], ['50Mi', '60Mi']),
        c6: burstable(['20m', '30m'], ['50Mi', '60Mi']),
      },
      {
        c1: { requests: { cpu: '20m' } },
        c2: { requests: { memory: '55Mi' }, limits: { memory: '65Mi' } },
        c3: burstable(['25m', '35m'], ['50Mi', '60Mi']),
        c4: burstable(['15m', '25m'], ['45Mi', '60Mi']),
        c5: burstable(['25m', '35m'], ['55Mi', '65Mi']),
        c6: burstable(['20m', '35m'], ['50Mi', '65Mi']),
      },
    ),
);

behaviour('[sig-node] Pod InPlace Resize Container burstable pods - extended resize with equivalents', (scope) =>
  resize(
    scope,
    { c1: { requests: { cpu: '2m' }, limits: { cpu: '10m' } }, c2: { requests: { cpu: '4m' }, limits: { cpu: '10m' } } },
    { c1: { requests: { cpu: '1m' }, limits: { cpu: '5m' } }, c2: { requests: { cpu: '5m' }, limits: { cpu: '20m' } } },
  ),
);

behaviour('[sig-node] Pod InPlace Resize Container resize pod via the replace endpoint', async (scope) => {
  const [before, after] = [{ c1: guaranteed('20m', '50Mi') }, { c1: guaranteed('25m', '55Mi') }];
  const namespace = await run(scope, before);
  const name = 'resized';
  const current = await core.readNamespacedPodResize({ namespace, name });
  const [container] = current.spec?.containers ?? [];
  const containers = [{ ...container, name: 'c1', resources: after.c1 }];
  await core.replaceNamespacedPodResize({ namespace, name, body: { ...current, spec: { ...current.spec, containers } } });
  await have(namespace, after);
  expect(await core.readNamespacedPodResize({ namespace, name })).toEqual(await core.readNamespacedPod({ namespace, name }));
});
