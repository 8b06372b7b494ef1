import type { HttpAnswer, HttpExchange, Listener, Sockets } from '../../network/sockets.ts';
import type { Cancel, Clock } from '../../simulation/clock.ts';
import type { ImageProfile, ServedPort } from '../../simulation/image-profiles.ts';
import {
  type ContainerConfig,
  type ContainerState,
  containerPortsAnnotation,
  type ExecSyncResponse,
  type LogLine,
  podNameLabel,
  podNamespaceLabel,
  probePortsAnnotation,
  terminationMessagePathAnnotation,
} from '../cri.ts';
import { accessLine } from './access-log.ts';
import { type Process, runProgram } from './process.ts';
import { basename, ignoresTerm, type Program, parseProgram } from './program.ts';

export interface SimulatedContainerOptions {
  readonly config: ContainerConfig;
  readonly profile: ImageProfile;
  readonly clock: Clock;
  readonly sockets: Sockets;
  /** Where its ports are. */
  readonly address: string;
  /** The name that its pod has on the network. */
  readonly hostname: string;
  readonly startupDelay: number;
  readonly onExit: () => void;
}

const sigkillExitCode = 137;
/** Older lines are dropped, as log rotation would. */
const maxLogLines = 2_000;
const maxMessageBytes = 4_096;

/** One container: what its command or, failing that, its image's profile says it does. */
export class SimulatedContainer {
  state: ContainerState = 'CONTAINER_CREATED';
  startedAt = 0;
  finishedAt = 0;
  exitCode = 0;
  reason = '';
  message = '';
  readonly logs: LogLine[] = [];
  readonly followers = new Set<{ onLine(line: LogLine): void; onEnd(): void }>();
  readonly #options: SimulatedContainerOptions;
  readonly #program: Program | undefined;
  readonly #files = new Map<string, string>();
  readonly #closers = new Set<Cancel>();
  readonly #exitWaiters = new Set<() => void>();
  readonly #ignoresTerm: boolean;
  #process: Process | undefined;
  #listening = false;

  constructor(options: SimulatedContainerOptions) {
    this.#options = options;
    const command = commandLine(options.config, options.profile);
    this.#program = parseProgram(command);
    this.#ignoresTerm = this.#program !== undefined || ignoresTerm(command);
  }

  start(): void {
    const { clock, profile, startupDelay, config } = this.#options;
    if (this.state !== 'CONTAINER_CREATED') {
      throw new Error(`cannot start a container that is not in CONTAINER_CREATED state: ${this.state}`);
    }
    this.state = 'CONTAINER_RUNNING';
    this.startedAt = clock.now();
    if (this.#program !== undefined) {
      this.#run(this.#program);
      return;
    }
    // A shell without a terminal or input has nothing to do.
    if (profile.shell === true && this.#runsImageCommand() && !config.stdin) {
      this.#exit(0);
      return;
    }
    const delay = profile.startTime * startupDelay;
    if (delay > 0) this.#closers.add(clock.after(delay, () => this.#serve()));
    else this.#serve();
  }

  /** Resolves when it has exited. `timeout` in seconds. */
  stop(timeout: number): Promise<void> {
    if (this.state === 'CONTAINER_CREATED') this.#exit(sigkillExitCode);
    if (this.state !== 'CONTAINER_RUNNING') return Promise.resolve();
    const { clock, profile, startupDelay } = this.#options;
    return new Promise((resolve) => {
      this.#exitWaiters.add(resolve);
      // The first process of a container has no default handlers: plain commands, and shells that trap nothing, do not notice SIGTERM.
      const time = this.#ignoresTerm ? Number.POSITIVE_INFINITY : profile.termination.time * startupDelay;
      this.#process?.terminate();
      if (time <= timeout * 1_000 && timeout > 0) {
        if (time === 0) this.#exit(profile.termination.exitCode);
        else this.#closers.add(clock.after(time, () => this.#exit(profile.termination.exitCode)));
      } else if (timeout > 0) this.#closers.add(clock.after(timeout * 1_000, () => this.#exit(sigkillExitCode)));
      else this.#exit(sigkillExitCode);
    });
  }

  kill(): void {
    if (this.state === 'CONTAINER_RUNNING' || this.state === 'CONTAINER_CREATED') this.#exit(sigkillExitCode);
  }

  /** A command that is not understood succeeds once the container serves: its probes and hooks are taken to be right. */
  execSync(cmd: readonly string[]): Promise<ExecSyncResponse> {
    const program = parseProgram(cmd);
    const answer = { stdout: '', stderr: '' };
    if (program === undefined) {
      return Promise.resolve({ ...answer, exitCode: this.#listening || this.#program !== undefined ? 0 : 1 });
    }
    return new Promise((resolve) => {
      let cancel: Cancel = () => {};
      const end = (exitCode: number) => {
        this.#closers.delete(cancel);
        this.#exitWaiters.delete(killed);
        resolve({ ...answer, exitCode });
      };
      const killed = () => end(sigkillExitCode);
      this.#exitWaiters.add(killed);
      cancel = runProgram({
        ...this.#programOptions(program),
        print: (text, stream) => {
          answer[stream] += `${text}\n`;
        },
        exited: end,
      }).cancel;
      // One that has ended already, as most do, must not be kept: probes run commands as long as the container lives.
      if (this.#exitWaiters.has(killed)) this.#closers.add(cancel);
    });
  }

  #run(program: Program): void {
    this.#listening = true;
    this.#process = runProgram({
      ...this.#programOptions(program),
      print: (text, stream) => this.#log(text, stream),
      exited: (code) => this.#exit(code),
    });
    this.#closers.add(this.#process.cancel);
  }

  #programOptions(program: Program) {
    const { clock, config, hostname } = this.#options;
    return {
      ...{ program, clock, hostname },
      // The runtime tells every container its host's name, whatever the pod says of it wins.
      env: new Map([['HOSTNAME', hostname], ...config.envs.map(({ key, value }): [string, string] => [key, value])]),
      files: this.#files,
      isMounted: (path: string) =>
        config.mounts.some(({ containerPath }) => path === containerPath || path.startsWith(`${containerPath}/`)),
    };
  }

  #serve(): void {
    const { profile, config } = this.#options;
    const imageCommand = this.#runsImageCommand();
    const required = profile.requiresEnv;
    if (imageCommand && required !== undefined && !config.envs.some(({ key, value }) => required.anyOf.includes(key) && value !== '')) {
      for (const line of required.message) this.#log(line, 'stderr');
      this.#exit(1);
      return;
    }
    for (const line of imageCommand ? profile.logs : []) this.#log(line, 'stdout');
    if (imageCommand && profile.completes === true) {
      this.#exit(0);
      return;
    }
    try {
      for (const port of this.#ports(imageCommand)) this.#listen(port);
      this.#listening = true;
    } catch (error) {
      this.#log(error instanceof Error ? error.message : String(error), 'stderr');
      this.#exit(1);
    }
  }

  #listen({ port, protocol, speaks }: ServedPort): void {
    const { sockets, address, profile } = this.#options;
    const known = this.#runsImageCommand() ? profile.paths : undefined;
    const listener: Listener =
      speaks === 'tcp'
        ? {}
        : {
            http: (request) => {
              const isKnown = known === undefined || known.includes(request.path.split('?')[0] ?? request.path);
              const answer = isKnown ? { status: 200, body: this.#page() } : { status: 404, body: 'Not Found' };
              this.#noteAccess(request, answer);
              return answer;
            },
            grpcHealth: () => 'SERVING',
          };
    this.#closers.add(sockets.listen(address, port, protocol, listener));
  }

  #noteAccess(request: HttpExchange, answer: HttpAnswer): void {
    const { profile, address, clock } = this.#options;
    if (profile.accessLog === undefined || !this.#runsImageCommand()) return;
    // The node is the first address of its pods' network.
    const from = request.from ?? address.replace(/\d+$/, '1');
    this.#log(accessLine(profile.accessLog, request, answer, from, clock.now()), 'stdout');
  }

  /** Who answers, so that a person sees where a request went, and that no program of theirs ran. */
  #page(): string {
    const { image, labels } = this.#options.config;
    const name = image.userSpecifiedImage ?? image.image;
    return `${name}, simulated in pod ${labels[podNamespaceLabel]}/${labels[podNameLabel]}\n`;
  }

  #ports(imageCommand: boolean): readonly ServedPort[] {
    const { profile, config } = this.#options;
    if (imageCommand && profile.ports !== undefined) return profile.ports;
    const declared = JSON.parse(config.annotations[containerPortsAnnotation] ?? '[]') as { containerPort: number; protocol?: string }[];
    if (declared.length > 0) {
      return declared.map(({ containerPort, protocol }) => ({
        port: containerPort,
        protocol: protocol === 'UDP' || protocol === 'SCTP' ? protocol : 'TCP',
        speaks: 'http',
      }));
    }
    // Ports need not be declared; a server of which nothing is known listens where it is asked whether it lives.
    const probed = JSON.parse(config.annotations[probePortsAnnotation] ?? '[]') as number[];
    return probed.map((port) => ({ port, protocol: 'TCP', speaks: 'http' }));
  }

  /** Whether what runs is the image's own server, not something the manifest puts in its place. */
  #runsImageCommand(): boolean {
    const { config, profile } = this.#options;
    if (config.command.length === 0 && (config.args.length === 0 || profile.entrypoint.length > 0)) return true;
    return profile.servers.includes(basename(config.command[0] ?? config.args[0] ?? ''));
  }

  #log(text: string, stream: 'stdout' | 'stderr'): void {
    for (const part of text.split('\n')) {
      const line: LogLine = { time: this.#options.clock.now(), stream, text: part };
      this.logs.push(line);
      if (this.logs.length > maxLogLines) this.logs.shift();
      for (const follower of this.followers) follower.onLine(line);
    }
  }

  #exit(code: number): void {
    if (this.state === 'CONTAINER_EXITED') return;
    this.state = 'CONTAINER_EXITED';
    this.#listening = false;
    this.finishedAt = this.#options.clock.now();
    this.exitCode = code;
    this.reason = code === 0 ? 'Completed' : 'Error';
    this.message = (this.#files.get(this.#options.config.annotations[terminationMessagePathAnnotation] ?? '') ?? '').slice(
      0,
      maxMessageBytes,
    );
    for (const close of this.#closers) close();
    this.#closers.clear();
    for (const follower of this.followers) follower.onEnd();
    this.followers.clear();
    this.#options.onExit();
    for (const waiter of this.#exitWaiters) waiter();
    this.#exitWaiters.clear();
  }
}

function commandLine(config: ContainerConfig, profile: ImageProfile): readonly string[] {
  if (config.command.length > 0) return [...config.command, ...config.args];
  // An image's entrypoint script hands on what it is given; a shell image has none.
  if (config.args.length > 0) return config.args;
  return [...profile.entrypoint, ...profile.cmd];
}
