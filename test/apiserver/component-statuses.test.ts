import { expect, test } from 'vitest';
import { startApi } from './api.ts';

const path = '/api/v1/componentstatuses';

test('a part that does not work any more is told with the reason', async () => {
  const api = await startApi({
    components: [
      { name: 'scheduler', check: () => 'it has ended' },
      { name: 'controller-manager', check: () => undefined },
    ],
  });
  const { items } = (await api.send('GET', path)).body;
  expect(
    items.map(({ metadata, conditions: [condition] }: { metadata: object; conditions: object[] }) => ({ ...metadata, ...condition })),
  ).toEqual([
    { name: 'scheduler', type: 'Healthy', status: 'False', message: 'it has ended' },
    { name: 'controller-manager', type: 'Healthy', status: 'True', message: 'ok' },
    { name: 'etcd-0', type: 'Healthy', status: 'True', message: 'ok' },
  ]);
  expect((await api.send('GET', `${path}/scheduler`)).body.metadata.name).toBe('scheduler');
  expect(await api.send('GET', `${path}/none`)).toMatchObject({ code: 404 });
});
