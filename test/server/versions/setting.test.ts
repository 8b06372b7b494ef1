import { expect, test } from 'vitest';
import manifest from '../../../package.json' with { type: 'json' };
import { ChosenVersion } from '../../../server/versions/chosen-version.ts';
import { releases } from '../../../server/versions/history.ts';

const { anyOf, default: usual } = manifest.contributes.configuration.properties['kubeside.kubernetesVersion'];
const offered = anyOf.flatMap(({ enum: values = [] }) => values);

/** Whether an editor takes a value of the setting without a word. */
const isTaken = (value: string) =>
  offered.includes(value) || anyOf.some(({ pattern }) => pattern !== undefined && new RegExp(pattern).test(value));

/** Whether a value chooses a release, whatever cluster is connected. */
function chooses(value: string): boolean {
  const found = ['v1.20.0', 'v1.99.0'].map((cluster) => {
    const version = new ChosenVersion();
    version.connect(cluster);
    version.choose(value);
    return version.release;
  });
  return new Set(found).size === 1;
}

test('every release is offered, the newest first', () => {
  expect(offered).toEqual([usual, 'newest', ...releases.releases.toReversed()]);
});

test.each([...releases.releases, 'v1.33', '1.33.4', 'v1.33.4+k3s1', 'v1.35.0-gke.100', 'newest'])(
  '%s is taken and chooses a release',
  (value) => {
    expect([isTaken(value), chooses(value)]).toEqual([true, true]);
  },
);

test.each(['1.29', 'v1.40.1', '1.333', 'latest', '2.33', ''])('%s is marked, as nothing is chosen by it', (value) => {
  expect([isTaken(value), chooses(value)]).toEqual([false, false]);
});
