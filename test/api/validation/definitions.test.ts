import { describe, expect, test } from 'vitest';
import { changed, cluster, created, type Fields } from './judge.ts';

const type = 'apiextensions.k8s.io/v1/CustomResourceDefinition';

function definition(spec: Fields, schema: Fields = {}, status: Fields = {}): Fields {
  const version = { name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object', ...schema } } };
  return {
    metadata: { ...cluster, name: 'things.example.com' },
    spec: { group: 'example.com', names: { plural: 'things', kind: 'Thing' }, scope: 'Namespaced', versions: [version], ...spec },
    status: { storedVersions: ['v1'], ...status },
  };
}

function conversion(clientConfig: Fields, conversionReviewVersions: readonly string[] = ['v1']): Fields {
  return { conversion: { strategy: 'Webhook', webhook: { clientConfig, conversionReviewVersions } } };
}

describe('conversion of custom resources', () => {
  const client = 'spec.conversion.webhookClientConfig';
  const service = { name: 's', namespace: 'n' };

  test.each<[string, Fields, string[]]>([
    ['a service', { service: { ...service, path: '/convert' } }, []],
    ['both', { service, url: 'https://a' }, [`${client}: Required value: exactly one of url or service is required`]],
    ['a service without name', { service: { namespace: 'n' } }, [`${client}.service.namespace: Required value`]],
    [
      'a path',
      { service: { ...service, path: 'a//B/' } },
      [
        `${client}.service.path: Invalid value: "a//B/": must start with a '/'`,
        `${client}.service.path: Invalid value: "a//B/": segment[0] may not be empty`,
        `${client}.service.path: Invalid value: "a//B/": segment[1] may not be empty`,
        expect.stringContaining(`${client}.service.path: Invalid value: "a//B/": segment[2]: a lowercase RFC 1123 subdomain`),
      ],
    ],
    [
      'a port',
      { service: { ...service, port: 70000 } },
      [`${client}.service.port: Invalid value: 70000: port is not valid: must be between 1 and 65535, inclusive`],
    ],
    [
      'an address of many parts',
      { url: 'http://u:p@/x?q=1#f' },
      [
        `${client}.url: Invalid value: "http": 'https' is the only allowed URL scheme; desired format: https://host[/path]`,
        `${client}.url: Invalid value: "": host must be specified; desired format: https://host[/path]`,
        `${client}.url: Invalid value: "u:p": user information is not permitted in the URL`,
        `${client}.url: Invalid value: "f": fragments are not permitted in the URL`,
        `${client}.url: Invalid value: "q=1": query parameters are not permitted in the URL`,
      ],
    ],
    [
      'an address that is none',
      { url: 'https://a:b/' },
      [
        `${client}.url: Required value: url must be a valid URL: parse "https://a:b/": invalid port ":b" after host; desired format: https://host[/path]`,
      ],
    ],
  ])('%s', (_name, clientConfig, expected) => {
    expect(created(type, definition(conversion(clientConfig)))).toEqual(expected);
  });

  test('certificates must be sound once the definition is established, unless they were not', () => {
    const bundled = conversion({ service, caBundle: btoa('none') });
    const sound = definition(conversion({ service }));
    const established = { ...sound, status: { storedVersions: ['v1'], conditions: [{ type: 'Established', status: 'True' }] } };
    expect(created(type, definition(bundled))).toEqual([]);
    expect(changed(type, sound, definition(bundled))).toEqual([]);
    const problem = 'unable to load root certificates: unable to parse bytes as PEM block';
    expect(changed(type, established, { ...established, spec: definition(bundled).spec })).toEqual([
      `${client}.caBundle: Invalid value: "${btoa('none')}": ${problem}`,
    ]);
    const broken = { ...established, spec: definition(bundled).spec };
    expect(changed(type, broken, broken)).toEqual([]);
  });

  test('versions of reviews that are not known stay', () => {
    const unknown = definition(conversion({ service }, ['v7']));
    expect(created(type, unknown)).toEqual([
      'spec.conversion.conversionReviewVersions: Invalid value: ["v7"]: must include at least one of v1, v1beta1',
    ]);
    expect(changed(type, unknown, unknown)).toEqual([]);
  });
});

describe('versions of custom resources', () => {
  test('rules over what is replaced as a whole have no old value', () => {
    const property = { type: 'string', 'x-kubernetes-validations': [{ rule: 'self == oldSelf' }] };
    const schema = (mapType: string): Fields => ({
      properties: { spec: { type: 'object', 'x-kubernetes-map-type': mapType, properties: { a: property } } },
    });
    expect(created(type, definition({}, schema('granular')))).toEqual([]);
    expect(created(type, definition({}, schema('atomic')))).toEqual([]);
    const at = 'spec.validation.openAPIV3Schema.properties[spec]';
    expect(created(type, definition({}, schema('newer')))).toEqual([
      `${at}.x-kubernetes-map-type: Unsupported value: "newer": supported values: "atomic", "granular"`,
      `${at}.properties[a].x-kubernetes-validations[0].rule: Invalid value: "self == oldSelf": oldSelf cannot be used on the uncorrelatable portion of the schema within ${at}`,
    ]);
  });

  test('rules of one are judged whatever is wrong with another', () => {
    const version = (name: string, rule: string): Fields => ({
      name,
      served: true,
      storage: name === 'v1',
      schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-validations': [{ rule }] } },
    });
    expect(created(type, definition({ versions: [version('v1', '1 +'), version('v2', '2')] }))).toEqual([
      expect.stringContaining('spec.versions[0].schema.openAPIV3Schema.x-kubernetes-validations[0].rule: Invalid value: '),
      expect.stringContaining('spec.versions[1].schema.openAPIV3Schema.x-kubernetes-validations[0].rule: Invalid value: '),
    ]);
  });

  test('warnings are printable, and places in them are counted in bytes', () => {
    const versions = [
      {
        name: 'v1',
        served: true,
        storage: true,
        deprecated: true,
        deprecationWarning: 'é\u00a0',
        schema: { openAPIV3Schema: { type: 'object' } },
      },
    ];
    expect(created(type, definition({ versions }))).toEqual([
      expect.stringContaining('must only contain printable UTF-8 characters; non-printable character found at index 2'),
    ]);
  });
});

describe('schemas', () => {
  const at = 'spec.validation.openAPIV3Schema';
  const embedded = (fields: Fields): Fields => ({
    properties: { e: { type: 'object', 'x-kubernetes-embedded-resource': true, 'x-kubernetes-preserve-unknown-fields': true, ...fields } },
  });
  const kind = { type: 'string', default: 'not kind' };
  const named = (fallback: unknown): Fields => ({ type: 'object', properties: { name: { type: 'string', default: fallback } } });
  const rules = (rule: string): Fields => ({ 'x-kubernetes-validations': [{ rule }] });

  test.each<[string, Fields, unknown[]]>([
    [
      'a default that breaks a rule of its own',
      { properties: { a: { type: 'string', default: 'b', ...rules("self == 'a'") } } },
      [`${at}.properties[a].default: Invalid value: "b": failed rule: self == 'a'`],
    ],
    [
      'a default that breaks a rule below it',
      { properties: { a: { type: 'object', default: { b: 1 }, properties: { b: { type: 'integer', ...rules('self > 1') } } } } },
      [`${at}.properties[a].default.b: Invalid value: 1: failed rule: self > 1`],
    ],
    [
      'a default that a rule about changes lets stand',
      { properties: { a: { type: 'integer', default: 1, ...rules('self >= oldSelf') } } },
      [],
    ],
    [
      'a default that may only replace another value',
      {
        properties: {
          a: { type: 'integer', default: 1, 'x-kubernetes-validations': [{ rule: 'oldSelf.hasValue()', optionalOldSelf: true }] },
        },
      },
      [`${at}.properties[a].default: Invalid value: 1: failed rule: oldSelf.hasValue()`],
    ],
    ['a name by default', embedded({ properties: { metadata: named('n') } }), []],
    [
      'a name that is none',
      embedded({ properties: { metadata: named('a/b') } }),
      [
        `${at}.properties[e].properties[metadata].properties[name].default: Invalid value: "a/b": must result in valid metadata: metadata.name: Invalid value: "a/b": may not contain '/'`,
      ],
    ],
    [
      'a name that is a number',
      embedded({ properties: { metadata: named(7) } }),
      [
        `${at}.properties[e].properties[metadata].properties[name].default: Invalid value: 7: must result in valid metadata: metadata: Invalid value: {"name":7}: json: cannot unmarshal number into Go struct field ObjectMeta.name of type string`,
      ],
    ],
    [
      'a kind that is none',
      embedded({ properties: { kind } }),
      [
        expect.stringContaining(
          `${at}.properties[e].properties[kind].default: Invalid value: "not kind": must result in valid metadata: kind: Invalid value`,
        ),
      ],
    ],
    [
      'an object with metadata that is none',
      embedded({ default: { kind: 'A', apiVersion: 'v1', metadata: 7 } }),
      [`${at}.properties[e].default.metadata: Invalid value: 7: json: cannot unmarshal number into Go value of type v1.ObjectMeta`],
    ],
    [
      'an object whose kind is a number',
      embedded({ default: { kind: 7, apiVersion: 'v1' } }),
      [`${at}.properties[e].default.kind: Invalid value: 7: must be a string`],
    ],
    [
      'what has no structural form is told of alone',
      { properties: { a: { 'x-kubernetes-preserve-unknown-fields': false } } },
      [`${at}.properties[a].x-kubernetes-preserve-unknown-fields: Invalid value: false: must be true or undefined`],
    ],
    ['a schema of schemas', { $schema: 'x' }, [`${at}: Invalid value: "": OpenAPIV3Schema 'schema' is not supported`]],
    [
      'a message of unknown length',
      {
        properties: {
          a: { type: 'integer', 'x-kubernetes-validations': [{ rule: 'self > 1', messageExpression: "'a ' + string(self)" }] },
        },
      },
      [
        expect.stringContaining(
          `${at}.properties[a].x-kubernetes-validations[0].messageExpression: Forbidden: estimated messageExpression cost exceeds budget by factor of more than 100x`,
        ),
        expect.stringContaining(`${at}.properties[a].x-kubernetes-validations[0].messageExpression: Forbidden: contributed to`),
        expect.stringContaining(`${at}: Forbidden: x-kubernetes-validations estimated rule cost total for entire OpenAPIv3 schema`),
      ],
    ],
  ])('%s', (_name, schema, expected) => {
    expect(created(type, definition({}, schema))).toEqual(expected);
  });
});

test('webhooks of admission are reached as those of conversion are', () => {
  const webhook = {
    name: 'a.b.c',
    clientConfig: { service: { name: '', namespace: 'n', path: '/a//b' } },
    sideEffects: 'None',
    admissionReviewVersions: ['v1'],
  };
  const configuration = { metadata: cluster, webhooks: [webhook] };
  expect(created('admissionregistration.k8s.io/v1/ValidatingWebhookConfiguration', configuration)).toEqual([
    'webhooks[0].clientConfig.service.namespace: Required value',
    'webhooks[0].clientConfig.service.path: Invalid value: "/a//b": segment[1] may not be empty',
  ]);
});

describe('versions of a definition in errors', () => {
  const stored = 'must have at least one stored version';
  const one = 'must have exactly one version marked as storage version';

  test('none at all are null', () => {
    const bare = definition({ versions: undefined }, {}, { storedVersions: undefined });
    expect(created(type, bare)).toEqual([
      `spec.versions: Invalid value: null: ${one}`,
      `status.storedVersions: Invalid value: null: ${stored}`,
    ]);
    const named = { metadata: { ...cluster, name: 'things.example.com' } };
    expect(created(type, named)).toContain(`spec.versions: Invalid value: null: ${one}`);
    expect(created(type, definition({ versions: [] }, {}, { storedVersions: [] }))).toEqual([
      `spec.versions: Invalid value: []: ${one}`,
      `status.storedVersions: Invalid value: []: ${stored}`,
    ]);
  });

  test('those whose schemas differ are told as the internal types', () => {
    const version = (name: string, property: Fields): Fields => ({
      name,
      served: true,
      storage: true,
      schema: { openAPIV3Schema: { type: 'object', properties: { b: { type: 'array', items: { type: 'string' } }, a: property } } },
      subresources: { status: {}, scale: { specReplicasPath: '.spec.a', statusReplicasPath: '.status.a' } },
    });
    const extended = { type: 'object', additionalProperties: true, 'x-kubernetes-map-type': 'atomic', default: { z: 1, y: [] } };
    const [problem = ''] = created(type, definition({ versions: [version('v1', extended), version('v2', { type: 'string' })] }));
    const told = JSON.parse(problem.slice('spec.versions: Invalid value: '.length, problem.lastIndexOf(': ')));
    const [first] = told;
    const { OpenAPIV3Schema: schema } = first.Schema;
    expect(Object.keys(first)).toEqual([
      'Name',
      'Served',
      'Storage',
      'Deprecated',
      'DeprecationWarning',
      'Schema',
      'Subresources',
      'AdditionalPrinterColumns',
      'SelectableFields',
    ]);
    expect(first.Subresources).toBeNull();
    expect(Object.keys(schema).slice(0, 5)).toEqual(['ID', 'Schema', 'Ref', 'Description', 'Type']);
    expect(Object.keys(schema)).toHaveLength(44);
    expect(Object.keys(schema.Properties)).toEqual(['a', 'b']);
    expect(schema.Properties.a).toMatchObject({
      AdditionalProperties: { Allows: true, Schema: null },
      XMapType: 'atomic',
      Nullable: false,
    });
    expect(JSON.stringify(schema.Properties.a.Default)).toBe('{"y":[],"z":1}');
    expect(schema.Properties.b.Items).toMatchObject({ Schema: { Type: 'string' }, JSONSchemas: null });
  });

  test('one without a name is stored under none', () => {
    const version = { served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } };
    expect(created(type, definition({ versions: [version] }, {}, { storedVersions: [''] }))).toEqual([
      expect.stringContaining('spec.versions[0].name: Invalid value: ""'),
    ]);
  });

  test('a name that is generated is none that the names ask for', () => {
    const unnamed = { ...definition({}), metadata: { ...cluster, name: '', generateName: 'x' } };
    expect(created(type, unnamed)).toContain('metadata.generateName: Invalid value: "x": must be spec.names.plural+"."+spec.group');
    const nameless = { ...definition({}), metadata: { ...cluster, name: '' } };
    expect(created(type, nameless)).toEqual(['metadata.name: Required value: name or generateName is required']);
  });
});
