import { appendFileSync, createWriteStream, type WriteStream } from 'node:fs';

/** A file that audit events are appended to, one a line; `-` stands for standard output. */
export interface AuditLog {
  readonly sink: (line: string) => void;
  /** Resolves when all is written. */
  close(): Promise<void>;
}

/** Opens the file, readable for its owner alone. @throws the system's error when it cannot be written to */
export function openAuditLog(path: string, onError: (error: Error) => void): AuditLog {
  if (path === '-') return { sink: (line) => void process.stdout.write(`${line}\n`), close: async () => {} };
  appendFileSync(path, '', { mode: 0o600 });
  const file: WriteStream = createWriteStream(path, { flags: 'a', mode: 0o600 });
  file.on('error', onError);
  return {
    sink: (line) => void file.write(`${line}\n`),
    close: () => new Promise((resolve) => file.end(() => resolve())),
  };
}
