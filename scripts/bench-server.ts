/** One of the servers that `bench-deliveries.ts` compares, in a process of its own. */
import { Probot, Server } from 'probot';
import { defaultConfiguration } from '../src/service/configuration.ts';
import { startService } from '../src/service/service.ts';
import { readSettings } from '../src/service/settings.ts';

async function idle(): Promise<undefined> {
  return undefined;
}

async function greffier(): Promise<number> {
  const read = readSettings(process.env);
  if (!read.ok) throw new Error(JSON.stringify(read.refusals));
  const started = await startService({
    settings: read.settings,
    configuration: defaultConfiguration,
    version: 'bench',
    only: 'ingress',
    // An ingress does no work: it waits in the queue.
    workshop: async () => ({
      handlers: {
        review: idle,
        'merge-group': idle,
        rejudge: idle,
        reconcile: idle,
        sweep: idle,
        command: idle,
        mail: idle,
      },
    }),
  });
  if (!started.ok) throw new Error(JSON.stringify(started.refusal));
  await started.service.atWork;
  return started.service.port;
}

async function probot(): Promise<number> {
  const { APP_ID = '', PRIVATE_KEY = '', WEBHOOK_SECRET = '' } = process.env;
  const server = new Server({
    port: 0,
    host: '127.0.0.1',
    loggingOptions: { enabled: false },
    Probot: Probot.defaults({
      appId: APP_ID,
      privateKey: PRIVATE_KEY,
      secret: WEBHOOK_SECRET,
      logLevel: 'fatal',
    }),
  });
  await server.load((app) => {
    app.on('pull_request', () => undefined);
  });
  await server.start();
  return server.port;
}

const port = process.argv[2] === 'probot' ? await probot() : await greffier();
process.stdout.write(`port ${port}\n`);
