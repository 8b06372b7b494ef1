import { groupVersionPath, type Kind } from '../../api/kinds/kind.ts';
import { groupNameOf, tagOf } from './operation-names.ts';
import type { Operation } from './operations.ts';

const meta = 'io.k8s.apimachinery.pkg.apis.meta.v1.';
const discovered = ['application/json', 'application/yaml', 'application/vnd.kubernetes.protobuf'];

/** A path that is no object, which may be got. */
function reading(path: string, id: string, tag: string, description: string, produces: readonly string[], answer: string): Operation {
  return {
    path,
    method: 'get',
    id,
    tag,
    description,
    queryParameters: [],
    parameterWords: '',
    pathParameters: [],
    consumes: answer === 'string' ? [] : produces,
    body: undefined,
    bodyRequired: false,
    produces,
    answer,
    answers: {},
  };
}

/** The paths of a server that tell of itself, by the places of their documents below `/openapi/v3/`. */
export function pathOperations(kinds: readonly Kind[], isIssuerTold: boolean): Map<string, Operation> {
  const versions = 'get available API versions';
  const operations = new Map<string, Operation>();
  operations.set('api', reading('/api/', 'getCoreAPIVersions', 'core', versions, discovered, `${meta}APIVersions`));
  operations.set('apis', reading('/apis/', 'getAPIVersions', 'apis', versions, discovered, `${meta}APIGroupList`));
  for (const kind of kinds) {
    const { group } = kind;
    if (group === '') continue;
    const id = `get${groupNameOf(kind, true)}APIGroup`;
    const tag = groupNameOf(kind, false);
    operations.set(`apis/${group}`, reading(`/apis/${group}/`, id, tag, 'get information of a group', discovered, `${meta}APIGroup`));
  }
  const json = ['application/json'];
  const version = 'get the version information for this server';
  operations.set('version', reading('/version/', 'getCodeVersion', 'version', version, json, 'io.k8s.apimachinery.pkg.version.Info'));
  if (isIssuerTold) {
    const configuration = "get service account issuer OpenID configuration, also known as the 'OIDC discovery doc'";
    const keys = 'get service account issuer OpenID JSON Web Key Set (contains public token verification keys)';
    operations.set(
      '.well-known/openid-configuration',
      reading(
        '/.well-known/openid-configuration/',
        'getServiceAccountIssuerOpenIDConfiguration',
        'WellKnown',
        configuration,
        json,
        'string',
      ),
    );
    operations.set(
      'openid/v1/jwks',
      reading('/openid/v1/jwks/', 'getServiceAccountIssuerOpenIDKeyset', 'openid', keys, ['application/jwk-set+json'], 'string'),
    );
  }
  return operations;
}

/** What tells the resources of a group version. */
export function resourcesOperation(kind: Kind): Operation {
  const id = `get${groupNameOf(kind, true)}${kind.version.charAt(0).toUpperCase()}${kind.version.slice(1)}APIResources`;
  const path = `${groupVersionPath(kind)}/`;
  return reading(path, id, tagOf(kind), 'get available resources', discovered, `${meta}APIResourceList`);
}
