import { expect, test } from 'vitest';
import { jsonDifference } from '../../../runtime/api/validation/unified-diff.ts';
import { changed, cluster, type Fields } from './judge.ts';
import { container, pod } from './objects.ts';

test.each<[string, unknown, unknown, string]>([
  ['the same', { a: 1 }, { a: 1 }, ''],
  ['one line', { a: 1 }, { a: 2 }, '@@ -1,3 +1,3 @@\n {\n- "a": 1\n+ "a": 2\n }\n'],
  ['nothing before', [], [1], '@@ -1 +1,3 @@\n-[]\n+[\n+ 1\n+]\n'],
  ['letters that HTML knows', 'a<b', 'a&b', '@@ -1 +1 @@\n-"a\\u003cb"\n+"a\\u0026b"\n'],
  [
    'places far from one another',
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
    [0, 'x', 2, 3, 4, 5, 6, 7, 8, 9, 10],
    '@@ -1,6 +1,6 @@\n [\n  0,\n- 1,\n+ "x",\n  2,\n  3,\n  4,\n@@ -8,5 +8,6 @@\n  6,\n  7,\n  8,\n- 9\n+ 9,\n+ 10\n ]\n',
  ],
])('a difference of %s', (_, before, after, written) => {
  expect(jsonDifference(before, after)).toBe(written);
});

test('lines that come again and again do not hold together what is not', () => {
  const before = Array.from({ length: 240 }, (_, index) => (index % 2 === 0 ? 'x' : `n${index}`));
  const after = ['n239', ...before.filter((_, index) => ![100, 101, 102, 239].includes(index))];
  expect(jsonDifference(before, after)).toBe(
    '@@ -1,4 +1,5 @@\n [\n+ "n239",\n  "x",\n  "n1",\n  "x",\n@@ -99,9 +100,6 @@\n  "n97",\n  "x",\n  "n99",\n- "x",\n- "n101",\n- "x",\n  "n103",\n  "x",\n  "n105",\n@@ -237,6 +235,5 @@\n  "n235",\n  "x",\n  "n237",\n- "x",\n- "n239"\n+ "x"\n ]\n',
  );
});

test('what has changed in very many places is told as one change from where it takes too long', () => {
  const lines = (end: string) => Array.from({ length: 10_000 }, (_, index) => (index % 2 === 0 ? `n${index}` : `${index}${end}`));
  const written = jsonDifference(lines('a'), lines('b'));
  expect(written).toMatch(/^@@ -1,10002 \+1,10002 @@\n \[\n {2}"n0",\n- "1a",\n\+ "1b",\n {2}"n2",\n/);
  expect(written.split('\n').slice(-4)).toEqual(['+ "n9998",', '+ "9999b"', '+]', '']);
});

test.each<[string, string, Fields, Fields, string]>([
  [
    'a pod',
    'v1/Pod',
    pod({}),
    pod({ hostNetwork: true, containers: [container] }),
    `spec: Forbidden: pod updates may not change fields other than \`spec.containers[*].image\`,\`spec.initContainers[*].image\`,\`spec.activeDeadlineSeconds\`,\`spec.tolerations\` (only additions to existing tolerations),\`spec.terminationGracePeriodSeconds\` (allow it to be set to 1 if it was previously negative)
@@ -44,7 +44,7 @@
  "AutomountServiceAccountToken": null,
  "NodeName": "",
  "SecurityContext": {
-  "HostNetwork": false,
+  "HostNetwork": true,
   "HostPID": false,
   "HostIPC": false,
   "ShareProcessNamespace": null,
`,
  ],
  [
    'a volume',
    'v1/PersistentVolume',
    { metadata: cluster, spec: { accessModes: ['ReadWriteOnce'], capacity: { storage: '1Gi' }, nfs: { server: 's', path: '/a' } } },
    { metadata: cluster, spec: { accessModes: ['ReadWriteOnce'], capacity: { storage: '1Gi' }, nfs: { server: 's', path: '/b' } } },
    `spec.persistentvolumesource: Forbidden: spec.persistentvolumesource is immutable after creation
@@ -5,7 +5,7 @@
  "Glusterfs": null,
  "NFS": {
   "Server": "s",
-  "Path": "/a",
+  "Path": "/b",
   "ReadOnly": false
  },
  "RBD": null,
`,
  ],
])('what changed of %s is told as Go writes it', (_, type, old, fields, error) => {
  expect(changed(type, old, fields)).toEqual([error]);
});
