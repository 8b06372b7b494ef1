import { convertVersion2 } from './convert-version2.ts';
import { finished, type OpenApiDocument, versionThreeAddress } from './document.ts';
import type { Version2Part } from './read-version2.ts';
import type { OpenApiSource } from './source.ts';

/** A document of version 3 that was made of one of version 2. */
interface Converted {
  readonly path: string;
  readonly hash: string;
  readonly document: OpenApiDocument;
}

/** The documents that other servers publish, as far as this one answers for them. Made anew when they have changed. */
export class RemoteDocumentSet {
  private readonly source: OpenApiSource;
  private made: { readonly revision: number; readonly converted: Promise<ReadonlyMap<string, Converted>> } | undefined;

  constructor(source: OpenApiSource) {
    this.source = source;
  }

  /** Changes when they do. */
  get revision(): number {
    return this.source.remote().revision;
  }

  get version2(): readonly Version2Part[] {
    return this.source.remote().published.flatMap(({ version2 }) => version2?.part ?? []);
  }

  /** Where documents of version 3 are, by their paths below `/openapi/v3/`. */
  async addresses(): Promise<ReadonlyMap<string, string>> {
    const converted = [...(await this.converted()).values()].map((each) => [each.path, versionThreeAddress(each)] as const);
    const others = this.source.remote().published.flatMap(({ path, address }) => (address === undefined ? [] : [[path, address] as const]));
    return new Map([...converted, ...others]);
  }

  /** Those of servers that know version 2 alone, by their paths. */
  converted(): Promise<ReadonlyMap<string, Converted>> {
    const { revision } = this;
    if (this.made?.revision !== revision) this.made = { revision, converted: this.convert() };
    return this.made.converted;
  }

  private async convert(): Promise<ReadonlyMap<string, Converted>> {
    const { version } = this.source;
    const made = this.source.remote().published.map(async ({ path, address, version2 }): Promise<Converted | undefined> => {
      if (address !== undefined || version2 === undefined) return undefined;
      const document = await finished(
        new TextEncoder().encode(JSON.stringify(convertVersion2(version2.part, version))),
        'application/json',
      );
      return { path, hash: document.etag.replaceAll('"', ''), document };
    });
    return new Map((await Promise.all(made)).flatMap((each) => (each === undefined ? [] : [[each.path, each]])));
  }
}
