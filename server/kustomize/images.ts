import { matchesExpression } from '../../runtime/api/custom-resources/regular-expressions.ts';
import type { Json } from '../../runtime/api/object.ts';
import { isMap, type JsonMap } from '../../runtime/api/patches/json-tree.ts';
import { listAt, type Resource } from './resource.ts';
import { textsIn } from './target.ts';

/** An entry of `images`. Upstream: `types.Image`. */
type ImageEntry = Readonly<Partial<Record<'name' | 'newName' | 'newTag' | 'tagSuffix' | 'digest', string>>>;

/** The fields whose items have images, in whatever kind. */
const containerLists: ReadonlySet<string> = new Set(['containers', 'initContainers']);

/** What `images` makes of an object. Upstream: `api/filters/imagetag`. */
export function retagged(resource: Resource, root: JsonMap): Resource {
  const { object, kind } = resource;
  const entries = ['images', 'imageTags'].flatMap((list) => listAt(root, list)).map((entry): ImageEntry => textsIn(entry));
  if (!object || kind === 'CustomResourceDefinition' || entries.length === 0) return resource;
  const after = entries.reduce<Json>(
    (now, entry) => withImages(now, (image) => (isNamed(image, entry.name) ? written(image, entry) : image)),
    object,
  );
  return isMap(after) ? { ...resource, object: after } : resource;
}

/** The images in an object, and what else an entry of `images` may be for. */
export function imagesIn(object: JsonMap): string[] {
  const found: string[] = [];
  const walk = (value: Json) => {
    if (Array.isArray(value)) for (const item of value) walk(item);
    else if (isMap(value)) {
      for (const [name, inner] of Object.entries(value)) {
        if ((name === 'image' || name === 'reference') && typeof inner === 'string') found.push(inner);
        else walk(inner);
      }
    }
  };
  walk(object);
  return found;
}

/** Whether an entry's name is that of an image; undefined when it is no regular expression, as which kustomize reads it. */
export function isNamed(image: string, name = ''): boolean | undefined {
  try {
    return matchesExpression(`^${name}(:[a-zA-Z0-9_.{}-]*)?(@[a-zA-Z][a-zA-Z0-9]*:[a-zA-Z0-9_.{}-]*)?$`, image);
  } catch {
    return undefined;
  }
}

/** An image's name, without tag and digest. */
export function nameOfImage(image: string): string {
  return split(image).name;
}

/** Values with other images in all lists of containers. */
function withImages(value: Json, change: (image: string) => string, inList = false): Json {
  if (Array.isArray(value)) return value.map((item) => withImages(item, change, inList));
  if (!isMap(value)) return value;
  const result: JsonMap = {};
  for (const [name, inner] of Object.entries(value)) {
    const isImage = inList && name === 'image' && typeof inner === 'string';
    result[name] = isImage ? change(inner) : withImages(inner, change, containerLists.has(name));
  }
  return result;
}

function written(image: string, { newName, newTag, tagSuffix, digest }: ImageEntry): string {
  const before = split(image);
  const name = newName || before.name;
  if (newTag || digest) return joined(name, newTag, digest);
  return tagSuffix ? joined(name, `${before.tag}${tagSuffix}`) : joined(name, before.tag, before.digest);
}

function joined(name: string, tag = '', digest = ''): string {
  return `${name}${tag && `:${tag}`}${digest && `@${digest}`}`;
}

function split(image: string): { readonly name: string; readonly tag: string; readonly digest: string } {
  const [, name = image, tag = '', digest = ''] = /^((?:[^/]+\/)?[^:@]*)(?::([^@]*))?(?:@(.*))?$/.exec(image) ?? [];
  return { name, tag, digest };
}
