import type { Header } from '../documents/header.ts';
import type { Manifest } from '../documents/manifest.ts';
import type { Kinds } from './kinds.ts';

/** `v1`, `apps/v1beta2`: what Kubernetes calls a version, which Grafana's `apiVersion: 1` is not. */
const version = /^(?:[a-z0-9][\w.-]*\/)?v\d+(?:(?:alpha|beta)\d+)?$/;

const modeline = /^[ \t]*#[ \t]*yaml-language-server[ \t]*:.*\$schema=(\S+)/m;
const schemaKey = /^(?:"\$schema"|'\$schema'|\$schema)[ \t]*:[ \t]*["']?([^\s"'#]+)/m;

/** The schema that a document names for itself, in a comment or by the key `$schema`. */
export function ownSchema(text: string): string | undefined {
  if (!text.includes('$schema')) return undefined;
  return modeline.exec(text)?.[1] ?? schemaKey.exec(text)?.[1];
}

/** Whether a schema lies in a file that can be read, and not on the network. */
export function isLocal(schema: string): boolean {
  return !/^[a-z][a-z\d+.-]+:/i.test(schema) || schema.startsWith('file:');
}

/**
 * Whether a document is a Kubernetes object, or is on its way to become one, so that anything may be said of it. All other YAML is left alone:
 * it may have an `apiVersion` or a `kind` too, but with other things beside it.
 */
export function isManifest(manifest: Manifest, kinds: Kinds): boolean {
  const { header, text } = manifest;
  const schema = ownSchema(text);
  // A schema of its own goes before ours; one from the network is not loaded, and for our own kinds it could say no more.
  if (schema !== undefined && (isLocal(schema) || !kinds.find(header.apiVersion?.text ?? '', header.kind?.text ?? ''))) return false;
  const { apiVersion, kind } = header;
  if (apiVersion && kind) return true;
  if (apiVersion) return version.test(apiVersion.text) && isObject(manifest);
  return kind !== undefined && isObject(manifest) && kinds.guess(undefined, kind.text) !== undefined;
}

/** Whether the fields of a document are those of an object, as far as they are written. */
function isObject({ header, text }: { readonly header: Header; readonly text: string }): boolean {
  if (header.name) return true;
  const names = [...text.matchAll(/^(?:"([^"\n]+)"|'([^'\n]+)'|([^\s#"'\-&*!|>%@`{[][^:\n]*?))[ \t]*:(?=[ \t]|\r?$)/gm)];
  const others = names
    .map(([, double, single, plain]) => double ?? single ?? plain ?? '')
    .filter((name) => !/^(apiVersion|kind)$/.test(name));
  return others.length === 0 || others.some((name) => name === 'metadata' || name === 'spec');
}
