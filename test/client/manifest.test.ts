import { describe, expect, it } from 'vitest';
import { ApiFailure } from '../../client/cluster/failure.ts';
import { readManifest } from '../../client/manifest/manifest.ts';
import { threeWayPatch } from '../../client/manifest/merge.ts';
import { locateFailure } from '../../client/manifest/server-errors.ts';

const pod = `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: nginx
      image: nginx
      ports:
        - containerPort: 80
    - name: side
      image: busybox
`;

/** What stands at the places of the problems. */
async function problemsOf(text: string): Promise<[string, string][]> {
  const documents = await readManifest(text);
  return documents.flatMap(({ problems }) =>
    problems.map(({ span, message }): [string, string] => [text.slice(span.start, span.end), message]),
  );
}

describe('reading a manifest', () => {
  it('reads several documents with a BOM, CRLF, comments and empty ones', async () => {
    const text = `\uFEFF# first\r\n---\r\n${pod.replaceAll('\n', '\r\n')}---\r\n# nothing\r\n---\r\napiVersion: v1\r\nkind: Namespace\r\nmetadata: {name: shop}\r\n...\r\n`;
    const documents = await readManifest(text);
    expect(documents.flatMap(({ problems }) => problems)).toEqual([]);
    expect(documents.flatMap(({ objects }) => objects).map(({ kind, name }) => `${kind} ${name}`)).toEqual(['Pod web', 'Namespace shop']);
  });

  it('reads scalars as Kubernetes does', async () => {
    const text = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {a: yes, b: 22:22, c: 2001-01-01, d: 0644, e: "yes"}\n';
    const [document] = await readManifest(text);
    expect(document?.objects[0]?.body.data).toEqual({ a: true, b: '22:22', c: '2001-01-01', d: 420, e: 'yes' });
  });

  it('takes a List apart and still finds the fields of its items', async () => {
    const text =
      'apiVersion: v1\nkind: List\nitems:\n  - apiVersion: v1\n    kind: Pod\n    metadata: {name: a}\n  - apiVersion: v1\n    kind: Pod\n    metadata: {name: b}\n';
    const [document] = await readManifest(text);
    const second = document?.objects[1];
    const span = second?.locate('metadata.name');
    expect(second?.name).toBe('b');
    expect(text.slice(span?.start, span?.end)).toBe('b');
  });

  it('takes a list of one kind apart, whose items need not say what they are', async () => {
    const text =
      'apiVersion: v1\nkind: ConfigMapList\nitems:\n  - metadata: {name: a}\n  - apiVersion: v1\n    kind: Secret\n    metadata: {name: b}\n  - kind: ConfigMap\n    metadata: {name: c}\n';
    const [document] = await readManifest(text);
    expect(document?.objects.map(({ body }) => body)).toEqual([
      { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } },
      { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'b' } },
    ]);
    expect(document?.problems.map(({ message }) => message)).toEqual(['ConfigMap has no apiVersion.']);
  });

  it.each([
    ['no kind', 'apiVersion: v1\nmetadata: {name: a}\n', 'apiVersion', "Object 'Kind' is missing."],
    ['no apiVersion', 'kind: Pod\nmetadata: {name: a}\n', 'Pod', 'Pod has no apiVersion.'],
    [
      'no name',
      'apiVersion: v1\nkind: Pod\nmetadata:\n  labels: {}\n',
      'metadata',
      'The resource needs a name: a text in quotes when it looks like a number.',
    ],
    ['tabs', 'apiVersion: v1\nkind: Pod\nmetadata:\n\tname: a\n', '\t', 'Tabs are not allowed as indentation'],
    ['a duplicate key', 'apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nkind: Job\n', 'k', 'Map keys must be unique'],
    ['a list', '- a\n', '- a', 'A manifest is a mapping with apiVersion and kind.'],
  ])('says where: %s', async (_what, text, place, message) => {
    const [[found, said] = ['', '']] = await problemsOf(text);
    expect(found.startsWith(place) || place.startsWith(found)).toBe(true);
    expect(said).toContain(message);
  });

  it('keeps the good documents beside a broken one', async () => {
    const documents = await readManifest(`${pod}---\nkind: [\n---\n${pod.replace('web', 'other')}`);
    expect(documents.map(({ objects, problems }) => [objects.length, problems.length > 0])).toEqual([
      [1, false],
      [0, true],
      [1, false],
    ]);
  });

  it('does not expand a bomb of aliases', async () => {
    const lines = Array.from({ length: 9 }, (_, level) => `l${level + 1}: &l${level + 1} [${new Array(9).fill(`*l${level}`).join(', ')}]`);
    const started = performance.now();
    const [[, message] = ['', '']] = await problemsOf(`l0: &l0 [lol]\n${lines.join('\n')}\n`);
    expect(message).toMatch(/aliases/);
    expect(performance.now() - started).toBeLessThan(2_000);
  });

  it('refuses a document that the server could not take, without reading it', async () => {
    const started = performance.now();
    const [[, message] = ['', '']] = await problemsOf(
      `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  big: ${'x'.repeat(5 * 1024 * 1024)}\n`,
    );
    expect(message).toMatch(/5\.0 MiB; the API server takes at most 3 MiB/);
    expect(performance.now() - started).toBeLessThan(1_000);
  });
});

describe('the place of a server error', () => {
  const failure = (code: number, message: string, details = {}) => new ApiFailure(code, { message, details });
  it.each([
    [
      'a cause',
      failure(422, 'Pod "web" is invalid', { causes: [{ field: 'spec.containers[1].image', message: 'Invalid value' }] }),
      'busybox',
    ],
    [
      'a missing field',
      failure(422, 'invalid', { causes: [{ field: 'spec.containers[0].livenessProbe.httpGet', message: 'Required value' }] }),
      'name',
    ],
    ['an unknown field', failure(400, 'strict decoding error: unknown field "spec.containers[0].ports[0].containerPort"'), '80'],
    [
      'a wrong type',
      failure(400, 'json: cannot unmarshal string into Go struct field ContainerPort.spec.containers.ports.containerPort of type int32'),
      '80',
    ],
    [
      'a wrong type within an inlined struct',
      failure(
        400,
        'json: cannot unmarshal string into Go struct field ContainerPort.spec.containers.EphemeralContainerCommon.ports.containerPort of type int32',
      ),
      '80',
    ],
    [
      'an apply schema error',
      failure(500, 'failed to create typed patch object: .spec.containers[name="side"].image: field not declared in schema'),
      'busybox',
    ],
    [
      'an apply key error',
      failure(500, 'failed to create typed patch object (default/web; /v1, Kind=Pod): .spec.containers[1]: element 0: no key'),
      'name',
    ],
    ['anything else', failure(403, 'forbidden'), 'Pod'],
  ])('of %s', async (_what, error, place) => {
    const [document] = await readManifest(pod);
    const object = document?.objects[0];
    if (object === undefined) throw new Error('the pod was not read');
    const [problem] = locateFailure(error, object);
    expect(pod.slice(problem?.span.start, problem?.span.end)).toBe(place);
  });

  it('that is long is read once', async () => {
    const [document] = await readManifest(pod);
    const object = document?.objects[0];
    if (object === undefined) throw new Error('the pod was not read');
    const text = 'json: cannot unmarshal '.repeat(100_000);
    expect(locateFailure(new ApiFailure(400, { message: text, details: {} }), object)).toEqual([
      { span: object.locate('kind'), message: text },
    ]);
  });
});

describe('merging where the server has no apply', () => {
  it('sets, takes away what was applied before, and keeps what others added', () => {
    const before = { spec: { replicas: 1, paused: true, list: [{ name: 'a', x: 1 }, { name: 'gone' }] } };
    const wanted = { spec: { replicas: 2, list: [{ name: 'a', x: 2 }] } };
    const live = {
      spec: {
        replicas: 1,
        paused: true,
        added: 'kept',
        list: [{ name: 'a', x: 1, defaulted: true }, { name: 'gone' }, { name: 'injected' }],
      },
    };
    expect(threeWayPatch(before, wanted, live)).toEqual({
      spec: { replicas: 2, paused: null, list: [{ name: 'a', x: 2, defaulted: true }, { name: 'injected' }] },
    });
  });
  it('is empty when nothing differs', () => {
    const object = { spec: { list: [{ name: 'a' }], args: ['x'] } };
    expect(threeWayPatch(object, object, { spec: { list: [{ name: 'a', defaulted: 1 }], args: ['x'] }, status: {} })).toEqual({});
  });
});

it('a template is called what it is', async () => {
  const [document] = await readManifest('apiVersion: v1\nkind: Pod\nmetadata:\n  name: {{ .Release.Name }}\n');
  expect(document?.objects).toEqual([]);
  expect(document?.problems.map(({ message }) => message)).toEqual([
    'This is a template, not yet a manifest. Render it first, with helm template or helm install for example.',
  ]);
});
