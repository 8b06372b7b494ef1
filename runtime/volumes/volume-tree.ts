/** A file of a volume. Its content is asked for when it is read, so that a token is fresh and a large object is not copied. */
export interface VolumeFile {
  readonly mode: number;
  read(): Promise<Uint8Array>;
}

/** The content of a volume: files by their path below its root, without a leading slash. */
export type VolumeTree = Map<string, VolumeFile>;

const encoder = new TextEncoder();

export function textFile(text: string, mode: number): VolumeFile {
  return bytesFile(encoder.encode(text), mode);
}

export function bytesFile(bytes: Uint8Array, mode: number): VolumeFile {
  return { mode, read: async () => bytes };
}
