/**
 * Probot's own server, with its throttling and retries off, which would only slow it: what Greffier is measured
 * against. `empty` has a handler that does nothing. `naive` makes the calls to GitHub that Greffier makes for a first
 * review, in the same order, with fixed answers: it judges nothing and keeps nothing.
 */
import { type Probot, ProbotOctokit, Probot as ProbotServer, Server } from 'probot';

const { APP_ID = '', PRIVATE_KEY = '', WEBHOOK_SECRET = '', GHE_HOST, GHE_PROTOCOL, PORT } = process.env;

function empty(app: Probot): void {
  app.on('pull_request', () => undefined);
}

function naive(app: Probot): void {
  app.on(['pull_request.opened', 'pull_request.synchronize'], async ({ octokit, payload }) => {
    const at = { owner: payload.repository.owner.login, repo: payload.repository.name };
    const { number } = payload.pull_request;
    const { data: pull } = await octokit.request('GET /repos/{owner}/{repo}/pulls/{pull_number}', {
      ...at,
      pull_number: number,
    });
    const head = pull.head.sha;
    const { data: comparison } = await octokit.request('GET /repos/{owner}/{repo}/compare/{basehead}', {
      ...at,
      basehead: `${pull.base.sha}...${head}`,
    });
    for (const { sha } of comparison.files ?? [])
      if (sha !== null)
        await octokit.request('GET /repos/{owner}/{repo}/git/blobs/{file_sha}', { ...at, file_sha: sha });
    await octokit.request('POST /repos/{owner}/{repo}/check-runs', {
      ...at,
      name: 'naive',
      head_sha: head,
      status: 'completed',
      conclusion: 'success',
      output: { title: 'Seen', summary: 'Seen' },
    });
    await octokit.request('POST /repos/{owner}/{repo}/issues/{issue_number}/labels', {
      ...at,
      issue_number: number,
      labels: ['seen'],
    });
    await octokit.request('POST /repos/{owner}/{repo}/issues/{issue_number}/comments', {
      ...at,
      issue_number: number,
      body: 'Seen',
    });
  });
}

const server = new Server({
  port: Number(PORT),
  host: '127.0.0.1',
  loggingOptions: { enabled: false },
  Probot: ProbotServer.defaults({
    appId: APP_ID,
    privateKey: PRIVATE_KEY,
    secret: WEBHOOK_SECRET,
    logLevel: 'fatal',
    baseUrl: `${GHE_PROTOCOL}://${GHE_HOST}/api/v3`,
    Octokit: ProbotOctokit.defaults((given: object) => ({
      ...given,
      throttle: { enabled: false },
      retry: { enabled: false },
    })),
  }),
});
await server.load(process.argv[2] === 'naive' ? naive : empty);
await server.start();
process.stdout.write('ready\n');
