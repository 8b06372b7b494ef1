import fc from 'fast-check';
import { near, nearBytes, nearText } from './mutations.ts';
import { accepts, crds, expressions, objects, paths, protobufs, queries } from './seeds.ts';

/** A request as it is kept in the corpus. */
export interface FuzzRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** In base64, as bodies need not be text. */
  readonly body?: string;
}

const bytesOf = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value) ?? '');
const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
/** What the platform's own parser of URLs and headers lets through: the rest never reaches a server. */
const header = (text: string): string => text.replace(/[^\x20-\x7e]/g, '?').trim();
const query = nearText(queries).map((text) => encodeURI(text.replaceAll(/\p{Cs}/gu, '?')).replaceAll('#', '%23'));

function sending(method: string, path: string, type: string, bytes: Uint8Array): FuzzRequest {
  return { method, path, headers: { 'content-type': type }, body: base64(bytes) };
}

const creation = fc
  .constantFrom(...objects)
  .chain(([collection, body]) =>
    fc
      .tuple(near([body]), query, fc.boolean())
      .map(([changed, text, bare]) => sending('POST', bare ? collection : `${collection}?${text}`, 'application/json', bytesOf(changed))),
  );

const brokenText = fc
  .tuple(fc.constantFrom(...objects), fc.constantFrom('application/json', 'application/yaml', 'application/apply-patch+yaml'))
  .chain(([[collection, body], type]) =>
    nearBytes(fc.constant(bytesOf(body))).map((bytes) =>
      type.includes('apply') ? sending('PATCH', `${collection}/x?fieldManager=m`, type, bytes) : sending('POST', collection, type, bytes),
    ),
  );

const protobuf = fc
  .tuple(nearBytes(fc.constantFrom(...protobufs)), fc.constantFrom(...objects))
  .map(([bytes, [collection]]) => sending('POST', collection, 'application/vnd.kubernetes.protobuf', bytes));

const operation = fc.record(
  {
    op: fc.constantFrom('add', 'remove', 'replace', 'move', 'copy', 'test', 'other'),
    path: nearText([
      '/metadata/labels/a',
      '/spec/containers/0',
      '/data',
      '',
      '/',
      '/metadata/finalizers/-',
      '/spec/template/spec/containers/-1/name',
      '/a~1b~0c',
    ]),
    from: nearText(['/metadata', '/data/k', '']),
    value: fc.oneof(fc.jsonValue({ maxDepth: 2 }), near(objects.map(([, body]) => body))),
  },
  { requiredKeys: ['op'] },
);

/** Objects that stand there before anything is sent: patches meet them. */
export const standing: readonly (readonly [collection: string, body: unknown])[] = objects
  .filter(([collection]) => /configmaps|pods|deployments|services|widgets/.test(collection))
  .map(([collection, body]) => [collection, { ...(body as object), metadata: { name: 'standing' } }]);

const patch = fc.constantFrom(...standing).chain(([collection, body]) =>
  fc
    .tuple(
      fc.constantFrom('json', 'merge', 'strategic-merge', 'apply'),
      near([body]),
      fc.array(operation, { maxLength: 5 }),
      fc.constantFrom('', '/status', '/scale'),
      fc.constantFrom('fieldManager=m', 'fieldManager=n&force=true', 'fieldManager=m&fieldValidation=Strict&dryRun=All'),
    )
    .map(([type, document, operations, part, options]) => {
      const media = type === 'apply' ? 'application/apply-patch+yaml' : `application/${type}-patch+json`;
      const text = type === 'apply' ? options : options.replace('&force=true', '');
      return sending('PATCH', `${collection}/standing${part}?${text}`, media, bytesOf(type === 'json' ? operations : document));
    }),
);

const definition = near(crds).map((body) =>
  sending('POST', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions?dryRun=All', 'application/json', bytesOf(body)),
);

const policy = nearText(expressions).map((expression) =>
  sending(
    'POST',
    '/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies?dryRun=All',
    'application/json',
    bytesOf({
      metadata: { name: 'p' },
      spec: {
        matchConstraints: { resourceRules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['configmaps'] }] },
        variables: [{ name: 'a', expression }],
        validations: [{ expression, messageExpression: expression }],
      },
    }),
  ),
);

const reading = fc
  .tuple(fc.constantFrom('GET', 'HEAD', 'DELETE', 'OPTIONS', 'PUT'), fc.constantFrom(...objects), query, nearText(accepts))
  .map(
    ([method, [collection], text, accept]): FuzzRequest => ({ method, path: `${collection}?${text}`, headers: { accept: header(accept) } }),
  );

const anywhere = fc
  .tuple(
    fc.constantFrom('GET', 'POST', 'DELETE', 'PATCH'),
    nearText(paths),
    nearText(['application/json', 'text/html', 'Bearer x', 'system:masters']),
  )
  .map(([method, path, value]): FuzzRequest => {
    const text = header(value);
    return {
      method,
      path: `/${path}`,
      headers: { 'impersonate-user': text, 'content-type': text, accept: text, 'user-agent': text },
    };
  });

/** What is sent to the server, by what it tries. */
export const requests: Readonly<Record<string, fc.Arbitrary<FuzzRequest>>> = {
  objects: creation,
  'broken text': brokenText,
  protobuf,
  patches: patch,
  'custom kinds': definition,
  CEL: policy,
  'queries and media types': reading,
  'paths and headers': anywhere,
};
