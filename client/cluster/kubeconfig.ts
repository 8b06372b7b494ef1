import { readFile } from 'node:fs/promises';

/** How to reach a server and who one is there. Certificates and keys are PEM. */
export interface Endpoint {
  /** `https://127.0.0.1:6443` */
  readonly server: string;
  readonly context: string;
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly token?: string;
}

interface Kubeconfig {
  readonly 'current-context'?: string;
  readonly clusters?: readonly {
    readonly name: string;
    readonly cluster: { readonly server: string; readonly 'certificate-authority-data'?: string };
  }[];
  readonly users?: readonly {
    readonly name: string;
    readonly user: {
      readonly 'client-certificate-data'?: string;
      readonly 'client-key-data'?: string;
      readonly token?: string;
    };
  }[];
  readonly contexts?: readonly { readonly name: string; readonly context: { readonly cluster: string; readonly user: string } }[];
}

/** The endpoint of the current context of a kubeconfig file. Throws when the file has none. */
export async function readKubeconfig(file: string): Promise<Endpoint> {
  const { parse } = await import('yaml');
  const config = parse(await readFile(file, 'utf8')) as Kubeconfig | null;
  const context = config?.contexts?.find((entry) => entry.name === config['current-context']);
  const cluster = config?.clusters?.find((entry) => entry.name === context?.context.cluster)?.cluster;
  const user = config?.users?.find((entry) => entry.name === context?.context.user)?.user;
  if (context === undefined || cluster === undefined) throw new Error(`${file} has no usable current context`);
  const pem = (data: string | undefined) => (data === undefined ? undefined : Buffer.from(data, 'base64').toString('utf8'));
  const ca = pem(cluster['certificate-authority-data']);
  const cert = pem(user?.['client-certificate-data']);
  const key = pem(user?.['client-key-data']);
  return {
    server: cluster.server,
    context: context.name,
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    ...(user?.token === undefined ? {} : { token: user.token }),
  };
}
