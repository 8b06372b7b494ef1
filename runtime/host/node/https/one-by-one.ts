import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';

/** Ends the header of a request. */
const headerEnd = Buffer.from('\r\n\r\n');
/** Bodies, of which this cannot tell where they end, are handed on in parts of at least so many bytes, whatever is in them. */
const bodyPartBytes = 1024;

/**
 * Hands what comes in on a connection to Node's reader of HTTP one request after the other, each when the one before it is answered, as Go's server reads
 * them: Node would read all that there is, and each request would have its answer made at once, for a client that may read none of them.
 */
export class OneByOne {
  private readonly socket: Socket;
  private readonly current: () => IncomingMessage | undefined;
  private readonly readers: readonly ((bytes: Buffer) => void)[];
  /** Something came, and waits in the socket. */
  private isHolding = false;
  private hasLeft = false;

  /**
   * @param socket where Node's reader listens already, and from now on does no more
   * @param current the first request that is not answered to its end
   */
  constructor(socket: Socket, current: () => IncomingMessage | undefined) {
    this.socket = socket;
    this.current = current;
    this.readers = socket.listeners('data') as ((bytes: Buffer) => void)[];
    // Node looks for who listens when that begins, and reads by events from then on. Otherwise its parser is given bytes beneath the socket, of which TLS
    // brings some more after the parser was paused: these would be an error and be lost.
    socket.on('data', this.take);
    for (const reader of this.readers) socket.off('data', reader);
  }

  /** Something has been answered: what waits is looked at. */
  goOn(): void {
    if (!this.isHolding || !this.socket.writable) return;
    this.isHolding = false;
    this.socket.resume();
  }

  /** The connection is none of HTTP any more: what comes in is for whoever listens to it next, what waits first. */
  leave(): void {
    this.hasLeft = true;
    this.socket.off('data', this.take);
  }

  private readonly take = (bytes: Buffer): void => {
    let rest = bytes;
    // Behind the last answer of a connection nothing is read.
    while (rest.length > 0 && this.socket.writable) {
      const current = this.current();
      if (this.hasLeft || current?.complete === true) {
        this.hold(rest);
        return;
      }
      const at = rest.indexOf(headerEnd, current === undefined ? 0 : bodyPartBytes);
      const end = at < 0 ? rest.length : at + headerEnd.length;
      const part = end === rest.length ? rest : rest.subarray(0, end);
      rest = rest.subarray(end);
      for (const read of this.readers) read(part);
    }
  };

  private hold(bytes: Buffer): void {
    if (!this.hasLeft) {
      this.isHolding = true;
      this.socket.pause();
    }
    this.socket.unshift(bytes);
  }
}
