import { V1MicroTime } from '@kubernetes/client-node';
import { expect } from 'vitest';
import { behaviour } from './support/behaviour.ts';
import { core, events, mergePatch, refusal } from './support/cluster.ts';

const event = (namespace: string, name: string, labels: Record<string, string> = {}) => ({
  metadata: { name, labels },
  regarding: { kind: 'Pod', namespace, name: 'nobody', apiVersion: 'v1' },
  reportingController: 'test-controller',
  reportingInstance: 'test-node',
  action: 'Do',
  reason: 'Test',
  type: 'Normal',
  note: 'This is a test event',
  eventTime: new V1MicroTime('2026-01-01T00:00:00.123Z'),
});

behaviour('[sig-instrumentation] Events API should ensure that an event can be fetched, patched, deleted, and listed', async (scope) => {
  const namespace = await scope.namespace();
  const name = 'event-test';
  await events.createNamespacedEvent({ namespace, body: event(namespace, name) });
  const filters = ['reason=Test', 'type=Normal'];
  for (const fieldSelector of filters) expect((await events.listNamespacedEvent({ namespace, fieldSelector })).items).toHaveLength(1);
  const everywhere = await events.listEventForAllNamespaces({ fieldSelector: `metadata.namespace=${namespace}` });
  expect(everywhere.items.map(({ metadata }) => metadata?.name)).toEqual([name]);
  expect((await core.readNamespacedEvent({ namespace, name })).message).toBe('This is a test event');

  const series = { count: 2, lastObservedTime: new V1MicroTime('2026-01-01T00:00:01.500Z') };
  const patched = await events.patchNamespacedEvent(
    { namespace, name, body: { series: { count: 2, lastObservedTime: '2026-01-01T00:00:01.500000Z' } } },
    mergePatch,
  );
  // The client reads these times as texts.
  const milliseconds = (time: unknown) => Date.parse(String(time));
  expect([patched.series?.count, milliseconds(patched.series?.lastObservedTime)]).toEqual([2, series.lastObservedTime.getTime()]);
  const { eventTime } = event(namespace, name);
  const updated = await events.replaceNamespacedEvent({
    namespace,
    name,
    body: { ...patched, eventTime, series: { ...series, count: 100 } },
  });
  expect([updated.series?.count, milliseconds(updated.eventTime)]).toEqual([100, eventTime.getTime()]);
  await events.deleteNamespacedEvent({ namespace, name });
  expect((await refusal(events.readNamespacedEvent({ namespace, name }))).reason).toBe('NotFound');
});

behaviour('[sig-instrumentation] Events API should delete a collection of events', async (scope) => {
  const namespace = await scope.namespace();
  for (const name of ['a', 'b', 'c'])
    await events.createNamespacedEvent({ namespace, body: event(namespace, name, { 'testevent-set': 'true' }) });
  await events.createNamespacedEvent({ namespace, body: event(namespace, 'kept') });
  await events.deleteCollectionNamespacedEvent({ namespace, labelSelector: 'testevent-set=true' });
  expect((await events.listNamespacedEvent({ namespace })).items.map(({ metadata }) => metadata?.name)).toEqual(['kept']);
});

behaviour('[sig-instrumentation] Events should delete a collection of events', async (scope) => {
  const namespace = await scope.namespace();
  const involvedObject = { kind: 'Pod', name: 'nobody', namespace };
  for (const name of ['a', 'b', 'c']) {
    const body = {
      metadata: { name, labels: { 'testevent-set': 'true' } },
      involvedObject,
      message: `This is ${name}`,
      reason: 'Test',
      type: 'Normal',
    };
    await core.createNamespacedEvent({ namespace, body });
  }
  expect((await core.listNamespacedEvent({ namespace, labelSelector: 'testevent-set=true' })).items).toHaveLength(3);
  await core.deleteCollectionNamespacedEvent({ namespace, labelSelector: 'testevent-set=true' });
  expect((await core.listNamespacedEvent({ namespace })).items).toEqual([]);
});
