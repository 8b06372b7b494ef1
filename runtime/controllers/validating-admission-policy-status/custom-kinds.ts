import type { CustomPolicyKind } from '../../api/cel/policy-types.ts';
import type { JsonSchema } from '../../api/custom-resources/json-schema.ts';
import type { Client } from '../../client/client.ts';
import { answer, clusterUrl } from '../../client/http-client.ts';

interface ResourceList {
  readonly resources?: readonly { readonly name: string; readonly kind: string }[];
}

interface PublishedSchema extends JsonSchema {
  readonly 'x-kubernetes-group-version-kind'?: readonly { readonly group: string; readonly version: string; readonly kind: string }[];
}

interface OpenApi {
  readonly components?: { readonly schemas?: Readonly<Record<string, PublishedSchema>> };
}

/** The kinds of a group version (`example.com/v1`) with the schemas that the API server publishes of them; none where it serves no such group version. */
export async function customKindsOf(client: Client, groupVersion: string): Promise<CustomPolicyKind[]> {
  const [group = '', version = ''] = groupVersion.split('/');
  const read = async <T>(path: string) => {
    const response = await client.transport(new Request(clusterUrl + path));
    // A path that nobody serves is answered without a Status.
    return response.status === 404 ? undefined : answer<T>(response);
  };
  const [list, openApi] = await Promise.all([
    read<ResourceList>(`/apis/${groupVersion}`),
    read<OpenApi>(`/openapi/v3/apis/${groupVersion}`),
  ]);
  const schemas = Object.values(openApi?.components?.schemas ?? {});
  return (list?.resources ?? []).flatMap(({ name: plural, kind }) => {
    const isMeant = (each: { readonly group: string; readonly version: string; readonly kind: string }) =>
      each.group === group && each.version === version && each.kind === kind;
    const schema = schemas.find((candidate) => candidate['x-kubernetes-group-version-kind']?.some(isMeant));
    return schema && !plural.includes('/') ? [{ group, version, kind, plural, schema }] : [];
  });
}
