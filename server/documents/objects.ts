import { isListKind, type TypeMeta, typeOfItem } from '../../runtime/api/kinds/listed.ts';
import type { Field } from './field.ts';
import type { OutlineNode } from './outline-node.ts';

/** An object of a document, with what it says it is, or the list around it does. */
export interface Listed {
  readonly object: Field;
  readonly type: TypeMeta;
}

/** The object itself, or those that a list holds, in lists of their own as well. */
export function objectsIn(object: Field, list: TypeMeta = {}): Listed[] {
  const type = typeOfItem(list, { apiVersion: object.get('apiVersion').text, kind: object.get('kind').text });
  const items = object.get('items');
  // A custom kind may be called so, too: it has no items.
  const isList = type.kind === 'List' || (isListKind(type.kind) && items.exists);
  return isList ? items.items().flatMap((item) => (item.isMapping ? objectsIn(item, type) : [])) : [{ object, type }];
}

/** What an object of an outline says it is, or the list does whose item it is. */
export function typeAt(object: OutlineNode): TypeMeta {
  const said = { apiVersion: object.textAt('apiVersion'), kind: object.textAt('kind') };
  return object.parent?.name === 'items' ? typeOfItem(listAt(object.parent), said) : said;
}

/** What a list says of an item that says nothing. */
export function itemTypeAt(items: OutlineNode): TypeMeta {
  return typeOfItem(listAt(items), {});
}

function listAt(items: OutlineNode): TypeMeta {
  return items.parent ? typeAt(items.parent) : {};
}
