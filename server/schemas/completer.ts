import type { ClientCapabilities, CompletionItem, Position } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { YamlDocuments } from 'yaml-language-server/out/src/languageservice/parser/yaml-documents.js';
import { YamlCompletion } from 'yaml-language-server/out/src/languageservice/services/yamlCompletion.js';
import {
  type ResolvedSchema,
  UnresolvedSchema,
  YAMLSchemaService,
} from 'yaml-language-server/out/src/languageservice/services/yamlSchemaService.js';
import type { EditorSchema } from './editor-schema.ts';

/** Resolved schemas of so many kinds are kept; a Pod's takes about 2 MB. */
const keptSchemas = 12;

/** Answers every question for a schema with the one that was chosen for the document at hand, and never goes online. */
class ChosenSchema extends YAMLSchemaService {
  #chosen: Promise<ResolvedSchema> | undefined;
  readonly #resolved = new Map<string, Promise<ResolvedSchema>>();

  constructor() {
    super(() => Promise.reject(new Error('schemas are not loaded from elsewhere')));
  }

  choose(id: string, make: () => EditorSchema): void {
    const known = this.#resolved.get(id) ?? this.#resolve(id, make());
    this.#resolved.delete(id);
    this.#resolved.set(id, known);
    const [oldest] = this.#resolved.keys();
    if (this.#resolved.size > keptSchemas && oldest !== undefined) this.#resolved.delete(oldest);
    this.#chosen = known;
  }

  #resolve(id: string, schema: EditorSchema): Promise<ResolvedSchema> {
    // The library declares `enum` as JSON values of its own type; what is handed over is plain JSON.
    return this.resolveSchemaContent(new UnresolvedSchema(schema as UnresolvedSchema['schema']), id, {});
  }

  override getSchemaForResource(): Promise<ResolvedSchema> {
    return this.#chosen ?? Promise.reject(new Error('no schema was chosen'));
  }
}

/** yaml-language-server's completion, one document and one schema at a time. */
export class Completer {
  readonly #schemas = new ChosenSchema();
  readonly #completion: YamlCompletion;
  #turn: Promise<unknown> = Promise.resolve();
  #version = 0;

  constructor(capabilities: ClientCapabilities) {
    // A cache of its own: completion changes the tree it works on.
    this.#completion = new YamlCompletion(this.#schemas, capabilities, new YamlDocuments());
    this.#completion.configure({ completion: true, yamlVersion: '1.1', indentation: '  ', disableDefaultProperties: true });
  }

  /**
   * Completions at a position of a document's text. `id` names the schema: `make` is called only when it is not known yet.
   * Questions are answered one after the other, because the library knows one chosen schema.
   */
  complete(text: string, position: Position, id: string, make: () => EditorSchema): Promise<readonly CompletionItem[]> {
    const answer = this.#turn.then(async () => {
      this.#schemas.choose(id, make);
      const document = TextDocument.create('kubeside:/completion.yaml', 'yaml', ++this.#version, text);
      return (await this.#completion.doComplete(document, position, false)).items;
    });
    this.#turn = answer.catch(() => undefined);
    return answer;
  }
}
