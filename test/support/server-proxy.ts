import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** A port that leads to the server, until it is stopped. */
export class ServerProxy {
  private readonly sockets = new Set<Socket>();
  private server: Server | null = null;

  private constructor(
    private readonly target: number,
    private port: number,
  ) {}

  static async start(target: string): Promise<ServerProxy> {
    const proxy = new ServerProxy(Number(target), 0);
    await proxy.restart();
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async restart(): Promise<void> {
    const server = createServer((socket) => {
      const onward = connect(this.target, '127.0.0.1');
      for (const end of [socket, onward]) {
        this.sockets.add(end);
        end
          .on('error', () => undefined)
          .on('close', () => [socket, onward].forEach((each) => each.destroy()));
      }
      socket.pipe(onward).pipe(socket);
    });
    await new Promise<void>((resolve) => server.listen(this.port, '127.0.0.1', resolve));
    this.port = (server.address() as AddressInfo).port;
    this.server = server;
  }

  async stop(): Promise<void> {
    const { server } = this;
    this.server = null;
    for (const socket of this.sockets) socket.destroy();
    this.sockets.clear();
    if (server) await new Promise((resolve) => server.close(resolve));
  }
}
