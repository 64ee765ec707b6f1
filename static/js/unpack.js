// Unpack: starts a page of its own. The file contains the page's modules and kernels as compressed text. Each gets an
// address of this document, in an order in which the modules that it refers to come first.

/** Publish modules `[name, source]`, with addresses in place of names; adds to the addresses by name. */
function publish(modules, addresses = {}, workerAddress = null) {
  const find = { module: (name) => addresses[name], worker: workerAddress };
  const link = (text) => text.replace(/"(module|worker):([^"]+)"/g, (_, kind, name) => `"${find[kind](name)}"`);
  for (const [name, source] of modules) {
    addresses[name] = URL.createObjectURL(new Blob([link(source)], { type: "text/javascript" }));
  }
  return { addresses, link };
}

/**
 * Runs in a worker, which cannot import from addresses of a document on a disk. So it publishes its modules itself, and the
 * kernels whose addresses of the document are in its messages.
 */
function startModule({ main, modules, kernels }) {
  const { addresses } = publish(modules);
  const own = publish(kernels).addresses;
  const withOwn = (named) => Object.fromEntries(Object.entries(named).map(([name, address]) => [name, own[address]]));
  const started = import(addresses[main]);
  addEventListener("message", async (event) => {
    // Those that are dispatched below.
    if (!event.isTrusted) return;
    event.stopImmediatePropagation();
    await started;
    const { addresses: named = {}, ...rest } = event.data;
    dispatchEvent(new MessageEvent("message", { data: { ...rest, addresses: withOwn(named) } }));
  });
}

/** The names of a module and of all that it needs, each after those that it refers to. */
function namesNeeded(sources, name, found = new Set()) {
  for (const [, needed] of sources.get(name).matchAll(/"module:([^"]+)"/g)) namesNeeded(sources, needed, found);
  return found.add(name);
}

/** The address of a script that starts a module in a worker. */
function workerScript(task) {
  const script = `${publish}\n${startModule}\nstartModule(${JSON.stringify(task)});`;
  return URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
}

async function readContent(element) {
  const bytes = Uint8Array.from(atob(element.textContent), (character) => character.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).json();
}

async function unpack() {
  const { modules, kernels, opening, main } = await readContent(document.getElementById("content"));
  const sources = new Map(modules);
  const { addresses } = publish(kernels);
  const addressed = kernels.map(([name, source]) => [addresses[name], source]);
  const { link } = publish(modules, addresses, (name) => {
    const needed = [...namesNeeded(sources, name)].map((one) => [one, sources.get(one)]);
    return workerScript({ main: name, modules: needed, kernels: addressed });
  });
  const page = await import(addresses[main]);
  page.open(JSON.parse(link(JSON.stringify(opening))));
}

unpack().catch((error) => {
  const notice = document.getElementById("notice");
  notice.textContent = `This browser cannot show the page: ${error.message}. It needs a browser of 2023 or later.`;
  notice.hidden = false;
});
