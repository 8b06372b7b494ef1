import type { ServerResponse } from 'node:http';

interface Waiting {
  readonly bytes: number;
  /** Nothing has been taken of it since it was last looked at. */
  isStalled: boolean;
}

/**
 * The large answers that wait for their readers. While they take more than they may together, a reader that takes nothing of its answer is cut off, the one
 * that has done so for longest first; one that reads, however slowly, is not, nor is one whose answer alone is as large.
 */
export class UnreadAnswers {
  private readonly limit: number;
  private readonly timeout: number;
  /** Who has taken nothing for longest is first. */
  private readonly waiting = new Map<ServerResponse, Waiting>();
  private bytes = 0;
  private timer: ReturnType<typeof setInterval> | undefined;

  /** @param timeout milliseconds in which something must be taken */
  constructor(limit: number, timeout: number) {
    this.limit = limit;
    this.timeout = timeout;
  }

  add(outgoing: ServerResponse, bytes: number): void {
    this.waiting.set(outgoing, { bytes, isStalled: false });
    this.bytes += bytes;
    // Looked at twice, it has had the time between, however long the process was busy before: Node hears of readers after each timer.
    if (this.bytes > this.limit) this.timer ??= setInterval(() => this.look(), this.timeout).unref();
  }

  /** Something of it has been taken. */
  moved(outgoing: ServerResponse): void {
    const answer = this.waiting.get(outgoing);
    if (answer === undefined) return;
    answer.isStalled = false;
    this.waiting.delete(outgoing);
    this.waiting.set(outgoing, answer);
  }

  remove(outgoing: ServerResponse): void {
    this.bytes -= this.waiting.get(outgoing)?.bytes ?? 0;
    this.waiting.delete(outgoing);
    if (this.bytes > this.limit) return;
    clearInterval(this.timer);
    this.timer = undefined;
  }

  private look(): void {
    for (const [outgoing, answer] of this.waiting) {
      if (this.bytes <= this.limit || this.waiting.size === 1) return;
      if (answer.isStalled) {
        outgoing.destroy();
        this.remove(outgoing);
      } else answer.isStalled = true;
    }
  }
}
