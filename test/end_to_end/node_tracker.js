// Sends COUNT events of every kind with @snowplow/node-tracker to a collector, waits for the answers, and prints one JSON line:
// {"ok": events answered 2xx, "failed": events given up}. Usage: node node_tracker.js PORT COUNT [PREFIX]
const path = require('path');
const modules = path.join(__dirname, '..', '..', '.deps', 'node', 'node_modules');
const node = require(path.join(modules, '@snowplow', 'node-tracker'));

const [port, count, prefix] = [process.argv[2], Number(process.argv[3]), process.argv[4] || 'node'];
const totals = { ok: 0, failed: 0 };
const tracker = node.newTracker(
  { namespace: 'node', appId: 'e2e-node', encodeBase64: false },
  {
    endpoint: `http://127.0.0.1:${port}`, eventMethod: 'post', bufferSize: 10,
    retryFailedRequests: true, connectionTimeout: 5000,
    onRequestSuccess: (batch) => { totals.ok += batch.length; },
    onRequestFailure: (failure) => { if (!failure.willRetry) totals.failed += failure.events.length; },
  });

const kinds = [
  (n) => node.buildPageView({ pageUrl: `https://shop.example/p/${n}`, pageTitle: `title ${n} é 日本`, referrer: 'https://ref.example/' }),
  (n) => node.buildPagePing({ pageUrl: `https://shop.example/p/${n}`, minXOffset: 0, maxXOffset: n, minYOffset: 1, maxYOffset: 2 }),
  (n) => node.buildStructEvent({ category: `c ${n}`, action: 'act', label: 'lab', property: 'prop', value: n + 0.5 }),
  (n) => node.buildScreenView({ id: `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`, name: `screen ${n}` }),
  (n) => node.buildLinkClick({ targetUrl: `https://x.example/${n}`, elementId: 'buy' }),
];

async function main() {
  for (let n = 0; n < count; n += 1) {
    tracker.setUserId(`${prefix}-${n}`);
    tracker.track(kinds[n % kinds.length](n));
    // Its store holds 1,000 events and drops what is more: an application, too, has to wait.
    while (n - totals.ok - totals.failed > 500) await new Promise((done) => setTimeout(done, 5));
  }
  tracker.flush();
  const deadline = Date.now() + 60000;
  while (totals.ok + totals.failed < count && Date.now() < deadline) await new Promise((done) => setTimeout(done, 50));
  console.log(JSON.stringify(totals));
  process.exit(totals.ok === count ? 0 : 1);
}

main();
