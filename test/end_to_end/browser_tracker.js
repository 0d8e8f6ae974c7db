// @snowplow/browser-tracker in headless Chromium, step by step: reads one JSON command a line from standard input, prints one
// JSON line when it is done. Commands: {"open": URL} · {"tracker": {configuration}} · {"track": [labels]} ·
// {"drain": ms}: waits until nothing is queued, prints what is left · {"quit": true}.
// Usage: node browser_tracker.js CHROMIUM COLLECTOR_URL
const path = require('path');
const readline = require('readline');
const modules = path.join(__dirname, '..', '..', '.deps', 'node', 'node_modules');
const { chromium } = require(path.join(modules, 'playwright-core'));

const [executablePath, collector] = process.argv.slice(2);

async function main() {
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'] });
  const page = await (await browser.newContext()).newPage();
  const steps = {
    open: (url) => page.goto(url),
    tracker: (configuration) => page.evaluate(([c, conf]) => {
      window.failures = 0;
      window.snowplowBrowserTracking.newTracker('t', c, {
        appId: 'browser', bufferSize: 1, ...conf,
        onRequestFailure: () => { window.failures += 1; },
      });
    }, [collector, configuration]),
    track: (labels) => page.evaluate((all) => {
      for (const label of all) window.snowplowBrowserTracking.trackStructEvent({ category: 'c', action: 'a', label });
    }, labels),
    drain: async (milliseconds) => {
      const queued = () => Object.keys(localStorage).filter((k) => k.includes('snowplowOutQueue'))
        .reduce((sum, k) => sum + JSON.parse(localStorage.getItem(k) || '[]').length, 0);
      const end = Date.now() + milliseconds;
      let left;
      while ((left = await page.evaluate(queued)) > 0 && Date.now() < end) await new Promise((r) => setTimeout(r, 100));
      return { left, failures: await page.evaluate(() => window.failures) };
    },
  };
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const command = JSON.parse(line);
    if (command.quit) break;
    const [name] = Object.keys(command);
    const result = await steps[name](command[name]);
    console.log(JSON.stringify({ done: name, ...(name === 'drain' ? result : {}) }));
  }
  await browser.close();
}

main().catch((error) => { console.error(error); process.exit(1); });
