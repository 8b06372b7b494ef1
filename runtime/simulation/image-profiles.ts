/** What a server in a simulated container speaks on a port. */
export type Speaks = 'http' | 'tcp' | 'grpc';

export interface ServedPort {
  readonly port: number;
  readonly protocol: 'TCP' | 'UDP' | 'SCTP';
  readonly speaks: Speaks;
}

/** What is known of an image: nothing is pulled from a registry, so this is all that there is to it. */
export interface ImageProfile {
  /** The repository, without Docker Hub's prefix: `nginx`, `bitnami/redis`. Its last element matches other registries' copies too. */
  readonly repository: string;
  /** Size of the compressed layers in bytes. */
  readonly size: number;
  /** How long a pull takes, in milliseconds. */
  readonly pullTime: number;
  /** From the start of the process until it listens, in milliseconds. */
  readonly startTime: number;
  readonly entrypoint: readonly string[];
  readonly cmd: readonly string[];
  /** Ports the image's own command listens on, whatever the manifest declares. Undefined: those that the manifest declares. */
  readonly ports?: readonly ServedPort[];
  /** Paths that an HTTP server knows; any other is answered with 404. Undefined: every path is answered with 200. */
  readonly paths?: readonly string[];
  /** First words of commands that a server's image is started with; anything else is a command of the user's. */
  readonly servers: readonly string[];
  /** A shell without a terminal reads the end of its input and exits at once. */
  readonly shell?: boolean;
  /** Runs, prints its lines and ends with code 0. */
  readonly completes?: boolean;
  /** One of these must be set, or the container ends with code 1 after printing `message`. */
  readonly requiresEnv?: { readonly anyOf: readonly string[]; readonly message: readonly string[] };
  /** What the image's command prints while it starts. */
  readonly logs: readonly string[];
  /** The form in which it prints a line for each request; undefined: it prints none. */
  readonly accessLog?: 'nginx' | 'common';
  /** How it takes SIGTERM. */
  readonly termination: { readonly exitCode: number; readonly time: number };
  /** What it uses when nothing is asked of it. */
  readonly memory: number;
  readonly cpuNanoCores: number;
  /** The user that its command runs as; undefined: not known. */
  readonly uid?: number;
}

const mebibyte = 1024 * 1024;

const server = {
  startTime: 300,
  entrypoint: [] as readonly string[],
  termination: { exitCode: 0, time: 100 },
  memory: 10 * mebibyte,
  cpuNanoCores: 500_000,
  uid: 0,
} as const;

const shellImage = {
  startTime: 20,
  entrypoint: [] as readonly string[],
  servers: [] as readonly string[],
  ports: [] as readonly ServedPort[],
  shell: true,
  logs: [] as readonly string[],
  termination: { exitCode: 0, time: 0 },
  memory: mebibyte,
  cpuNanoCores: 0,
  uid: 0,
} as const;

/** An image nobody told us of: runs, and listens on the ports that the manifest declares. */
export const unknownImage: ImageProfile = {
  repository: '',
  size: 48_000_000,
  pullTime: 1_500,
  startTime: 500,
  entrypoint: [],
  cmd: [],
  servers: [],
  logs: [],
  termination: { exitCode: 0, time: 100 },
  memory: 10 * mebibyte,
  cpuNanoCores: 500_000,
};

/** The images that are known by name. */
export const imageProfiles: readonly ImageProfile[] = [
  {
    ...server,
    repository: 'nginx',
    size: 72_099_410,
    pullTime: 2_100,
    entrypoint: ['/docker-entrypoint.sh'],
    cmd: ['nginx', '-g', 'daemon off;'],
    servers: ['nginx'],
    ports: [{ port: 80, protocol: 'TCP', speaks: 'http' }],
    paths: ['/', '/index.html', '/50x.html'],
    accessLog: 'nginx',
    logs: [
      '/docker-entrypoint.sh: /docker-entrypoint.d/ is not empty, will attempt to perform configuration',
      '/docker-entrypoint.sh: Looking for shell scripts in /docker-entrypoint.d/',
      '/docker-entrypoint.sh: Configuration complete; ready for start up',
      '[notice] 1#1: using the "epoll" event method',
      '[notice] 1#1: start worker processes',
    ],
  },
  {
    ...server,
    repository: 'httpd',
    size: 58_655_000,
    pullTime: 1_800,
    cmd: ['httpd-foreground'],
    servers: ['httpd-foreground', 'httpd'],
    accessLog: 'common',
    ports: [{ port: 80, protocol: 'TCP', speaks: 'http' }],
    paths: ['/', '/index.html'],
    logs: ["AH00094: Command line: 'httpd -D FOREGROUND'", 'resuming normal operations'],
  },
  {
    ...server,
    repository: 'redis',
    size: 45_006_722,
    pullTime: 1_600,
    entrypoint: ['docker-entrypoint.sh'],
    cmd: ['redis-server'],
    servers: ['redis-server'],
    ports: [{ port: 6379, protocol: 'TCP', speaks: 'tcp' }],
    logs: ['* oO0OoO0OoO0Oo Redis is starting oO0OoO0OoO0Oo', '* Running mode=standalone, port=6379.', '* Ready to accept connections tcp'],
  },
  {
    ...server,
    repository: 'postgres',
    size: 160_000_000,
    pullTime: 3_800,
    startTime: 1_500,
    entrypoint: ['docker-entrypoint.sh'],
    cmd: ['postgres'],
    servers: ['postgres'],
    ports: [{ port: 5432, protocol: 'TCP', speaks: 'tcp' }],
    requiresEnv: {
      anyOf: ['POSTGRES_PASSWORD', 'POSTGRES_PASSWORD_FILE', 'POSTGRES_HOST_AUTH_METHOD'],
      message: ['Error: Database is uninitialized and superuser password is not specified.'],
    },
    logs: ['LOG:  listening on IPv4 address "0.0.0.0", port 5432', 'LOG:  database system is ready to accept connections'],
    memory: 40 * mebibyte,
  },
  ...['mysql', 'mariadb'].map(
    (repository): ImageProfile => ({
      ...server,
      repository,
      size: 230_000_000,
      pullTime: 5_000,
      startTime: 4_000,
      entrypoint: ['docker-entrypoint.sh'],
      cmd: [repository === 'mysql' ? 'mysqld' : 'mariadbd'],
      servers: ['mysqld', 'mariadbd'],
      ports: [{ port: 3306, protocol: 'TCP', speaks: 'tcp' }],
      requiresEnv: {
        anyOf: ['ROOT_PASSWORD', 'ALLOW_EMPTY_PASSWORD', 'RANDOM_ROOT_PASSWORD', 'ROOT_PASSWORD_FILE'].flatMap((name) => [
          `MYSQL_${name}`,
          ...(repository === 'mariadb' ? [`MARIADB_${name}`] : []),
        ]),
        message: [
          '[ERROR] [Entrypoint]: Database is uninitialized and password option is not specified',
          '    You need to specify one of the following as an environment variable:',
          '    - MYSQL_ROOT_PASSWORD',
          '    - MYSQL_ALLOW_EMPTY_PASSWORD',
          '    - MYSQL_RANDOM_ROOT_PASSWORD',
        ],
      },
      logs: [`[Note] [Entrypoint]: Entrypoint script for ${repository} started.`, `ready for connections. port: 3306`],
      termination: { exitCode: 0, time: 1_000 },
      memory: 350 * mebibyte,
    }),
  ),
  {
    ...server,
    repository: 'mongo',
    size: 260_000_000,
    pullTime: 5_500,
    startTime: 2_000,
    entrypoint: ['docker-entrypoint.sh'],
    cmd: ['mongod'],
    servers: ['mongod'],
    ports: [{ port: 27017, protocol: 'TCP', speaks: 'tcp' }],
    logs: [
      '{"s":"I","c":"NETWORK","msg":"Listening on","attr":{"address":"0.0.0.0"}}',
      '{"s":"I","c":"NETWORK","msg":"Waiting for connections","attr":{"port":27017}}',
    ],
    memory: 150 * mebibyte,
  },
  {
    ...server,
    repository: 'memcached',
    size: 30_000_000,
    pullTime: 1_200,
    entrypoint: ['docker-entrypoint.sh'],
    cmd: ['memcached'],
    servers: ['memcached'],
    ports: [{ port: 11211, protocol: 'TCP', speaks: 'tcp' }],
    logs: [],
  },
  {
    ...server,
    repository: 'pause',
    size: 320_448,
    pullTime: 300,
    startTime: 10,
    entrypoint: ['/pause'],
    cmd: [],
    servers: ['/pause'],
    ports: [],
    logs: [],
    memory: mebibyte,
    cpuNanoCores: 0,
    uid: 65_535,
  },
  {
    ...shellImage,
    shell: false,
    repository: 'hello-world',
    size: 2_400,
    pullTime: 400,
    cmd: ['/hello'],
    servers: ['/hello'],
    completes: true,
    logs: ['', 'Hello from Docker!', 'This message shows that your installation appears to be working correctly.', ''],
  },
  { ...shellImage, repository: 'busybox', size: 2_160_406, pullTime: 700, cmd: ['sh'] },
  { ...shellImage, repository: 'alpine', size: 3_634_744, pullTime: 800, cmd: ['/bin/sh'] },
  { ...shellImage, repository: 'bash', size: 6_900_000, pullTime: 900, entrypoint: ['docker-entrypoint.sh'], cmd: ['bash'] },
  { ...shellImage, repository: 'ubuntu', size: 29_700_000, pullTime: 1_400, cmd: ['/bin/bash'] },
  { ...shellImage, repository: 'debian', size: 48_500_000, pullTime: 1_700, cmd: ['bash'] },
];

const byName = new Map<string, ImageProfile>(imageProfiles.map((profile) => [profile.repository, profile]));

/** The profile of an image by the path of its repository: `library/nginx`, `bitnami/redis`; copies of known images count as them. */
export function imageProfile(path: string): ImageProfile {
  const familiar = path.startsWith('library/') ? path.slice('library/'.length) : path;
  return byName.get(familiar) ?? byName.get(familiar.slice(familiar.lastIndexOf('/') + 1)) ?? { ...unknownImage, repository: familiar };
}

/** Why an image cannot be pulled: what containerd says, and the gRPC code that it says it with. */
export interface PullFailure {
  readonly code: 'NotFound' | 'Unknown';
  readonly message: string;
}

/** Why an image cannot be pulled; undefined when it can. */
export function pullFailure(image: { readonly domain: string; readonly path: string; readonly tag?: string }): PullFailure | undefined {
  const { domain, path, tag = 'latest' } = image;
  const name = `${domain}/${path}:${tag}`;
  const host = domain.split(':')[0] ?? domain;
  const failed = (code: PullFailure['code'], why: string): PullFailure => ({
    code,
    message: `failed to pull and unpack image "${name}": failed to resolve reference "${name}": ${why}`,
  });
  if (host.endsWith('.invalid')) {
    const request = `Head "https://${domain}/v2/${path}/manifests/${tag}"`;
    return failed('Unknown', `failed to do request: ${request}: dial tcp: lookup ${host}: no such host`);
  }
  if (tag.includes('does-not-exist') || tag.includes('nonexistent')) return failed('NotFound', `${name}: not found`);
  if (path.includes('does-not-exist') || path.includes('nonexistent')) {
    const denied = 'pull access denied, repository does not exist or may require authorization: ';
    return failed('Unknown', `${denied}server message: insufficient_scope: authorization failed`);
  }
  return undefined;
}
